//! `serveup rate --columns`: rows with columns of one's own choice.

use std::io;

use serveup::print::{Chunk, Format, OutputStyle, Widths};
use serveup::{ChosenRow, Column, Columns, Interaction, Model, Rating};

/// The columns that were chosen.
pub(super) struct Chosen<'m> {
    model: &'m Model,
    style: OutputStyle,
    pub(super) columns: Columns,
    /// How wide they are in a table for people.
    pub(super) widths: Option<Widths>,
}

impl<'m> Chosen<'m> {
    pub(super) fn new(model: &'m Model, columns: &[Column], style: OutputStyle) -> Self {
        let columns = Columns::new(columns.iter().cloned());
        let widths = (style.format == Format::Table).then(|| Widths::of(&columns, style));
        Self { model, style, columns, widths }
    }

    /// No rows yet.
    pub(super) fn chunk(&self) -> Chunk {
        Chunk::new(self.style).with_widths(self.widths.as_ref())
    }

    /// Adds the row of a rating.
    pub(super) fn add(&self, chunk: &mut Chunk, rating: &Rating<'_>, interaction: &Interaction<'_>) -> io::Result<()> {
        chunk.row(&ChosenRow { rating: Some(rating), interaction: Some(interaction), ..self.blank() })
    }

    /// A row with nothing in it, for the names of its columns.
    pub(super) fn blank(&self) -> ChosenRow<'_> {
        let nested = matches!(self.style.format, Format::Json | Format::Jsonl);
        ChosenRow { columns: &self.columns, model: self.model, rating: None, interaction: None, nested }
    }
}
