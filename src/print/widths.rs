//! How wide the columns of a table of chosen columns are, before its rows are known.

use super::OutputStyle;
use super::lines::{GAP, Lines};
use crate::rating::columns::{Column, Columns};
use crate::rating::row::RatingField;
use crate::record::field::Field;

/// How wide each column of a table is.
#[derive(Clone, Debug)]
pub struct Widths(Vec<usize>);

impl Widths {
    /// Widths by what is usually in such columns; where that is too much for the terminal, the widest give way.
    #[must_use]
    pub fn of(columns: &Columns, style: OutputStyle) -> Self {
        let columns = columns.as_slice();
        let mut widths: Vec<usize> = columns.iter().map(|column| usual(column).1.max(column.name().len())).collect();
        let gaps = GAP * widths.len().saturating_sub(1);
        let room = usize::from(style.width).saturating_sub(gaps);
        while widths.iter().sum::<usize>() > room {
            let spare = |(width, column): &(&mut usize, &Column)| **width - usual(column).0.min(**width);
            match widths.iter_mut().zip(columns).max_by_key(spare).filter(|widest| spare(widest) > 0) {
                Some((widest, _)) => *widest -= 1,
                None => break,
            }
        }
        // the last has what is left
        let rest = room.saturating_sub(widths.iter().sum());
        if let Some(last) = widths.last_mut() {
            *last += rest;
        }
        Self(widths)
    }

    /// No lines of such a table yet.
    pub(super) fn lines(&self, style: OutputStyle) -> Lines {
        Lines::new(style, self.0.clone())
    }
}

/// How wide what is in a column is at least, and usually.
const fn usual(column: &Column) -> (usize, usize) {
    match column {
        Column::Rating(field) => match field {
            RatingField::Rank | RatingField::Gap => (4, 4),
            RatingField::Failure => (7, 7),
            RatingField::At => (10, 20),
            RatingField::Id => (6, 12),
            RatingField::Recipient | RatingField::Action => (8, 16),
            RatingField::Point => (10, 24),
            RatingField::Value | RatingField::NearMiss => (12, 30),
            RatingField::Why => (16, 60),
            // the longest name of a level
            _ => (12, 12),
        },
        Column::Record(Field::Said) => (16, 60),
        Column::Record(Field::Signals) => (12, 24),
        Column::Record(_) | Column::Served(_) | Column::Tag(_) => (8, 12),
    }
}
