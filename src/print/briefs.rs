//! Brief ratings in tsv, drawn up in two steps: what a row repeats of its record
//! as the record is read, and the level once it is known.

use serveup::escalator::Assessment;
use serveup::{Interaction, Level, gap};

use super::{escape, is_plain};

/// The heads of rows, one after the other: what they repeat of their records.
#[derive(Default)]
pub(crate) struct Heads(pub(crate) Vec<u8>);

/// What stands before the text of a head: the rank claimed, and how long the text is.
const LEAD: usize = 5;

/// In place of a rank: the record has no row.
const NO_ROW: u8 = u8::MAX;

impl Heads {
    /// Adds the head of a row; `plain` says that no text of the record needs escaping.
    pub(crate) fn add(&mut self, interaction: &Interaction<'_>, plain: bool) {
        let start = self.lead(interaction.claimed.map_or(0, Level::rank));
        let at = interaction.at.as_ref().map(|at| at.text.as_ref());
        let above = [&interaction.journey, &interaction.transaction].map(Option::as_deref);
        self.cell(plain, &[interaction.id.as_deref()]);
        self.cell(plain, &[at]);
        self.cell(plain, &[Some(&interaction.recipient)]);
        self.cell(
            plain,
            &[above[0], above[0].and(Some("/")), above[1], above[1].and(Some("/")), Some(&interaction.point)],
        );
        self.cell(plain, &[interaction.action.as_deref()]);
        let length = u32::try_from(self.0.len() - start).unwrap_or(u32::MAX);
        self.0[start - LEAD + 1..start].copy_from_slice(&length.to_le_bytes());
    }

    /// Adds a cell of these parts, and what ends it.
    fn cell(&mut self, plain: bool, parts: &[Option<&str>]) {
        for part in parts.iter().flatten() {
            if plain || is_plain(part.as_bytes()) {
                self.0.extend_from_slice(part.as_bytes());
            } else {
                escape(&mut self.0, part.as_bytes());
            }
        }
        self.0.push(b'\t');
    }

    /// Says that the next record has no row.
    pub(crate) fn pass(&mut self) {
        self.lead(NO_ROW);
    }

    /// Begins a head, and gives back where its text starts.
    fn lead(&mut self, rank: u8) -> usize {
        self.0.push(rank);
        self.0.extend_from_slice(&[0; LEAD - 1]);
        self.0.len()
    }

    /// The heads in order; `None` for a record that has no row.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Option<Head<'_>>> {
        let mut rest = self.0.as_slice();
        std::iter::from_fn(move || {
            let (lead, behind) = rest.split_first_chunk::<LEAD>()?;
            let [rank, length @ ..] = *lead;
            let (text, behind) = behind.split_at_checked(u32::from_le_bytes(length) as usize)?;
            rest = behind;
            Some((rank != NO_ROW).then(|| Head { claimed: Level::from_rank(rank), text }))
        })
    }
}

/// What a row repeats of its record.
pub(crate) struct Head<'h> {
    claimed: Option<Level>,
    text: &'h [u8],
}

impl Head<'_> {
    /// Adds the whole row.
    pub(crate) fn complete(&self, rows: &mut Vec<u8>, assessment: &Assessment) {
        let Assessment { level, assessed, evidence, standing, next, reason, failure, .. } = *assessment;
        rows.extend_from_slice(self.text);
        rows.extend_from_slice(level.name().as_bytes());
        rows.extend_from_slice(&[b'\t', b'0' + level.rank()]);
        let name = |level: Option<Level>| level.map_or("", Level::name);
        let failed = if failure { "true" } else { "false" };
        let cells = [assessed.name(), evidence.name(), name(standing), name(next), reason.name(), failed];
        for cell in cells.into_iter().chain([name(self.claimed)]) {
            rows.push(b'\t');
            rows.extend_from_slice(cell.as_bytes());
        }
        rows.push(b'\t');
        if let Some(gap) = self.claimed.map(|claimed| gap(claimed, level)) {
            if gap < 0 {
                rows.push(b'-');
            }
            rows.push(b'0' + gap.unsigned_abs());
        }
        rows.push(b'\n');
    }
}
