//! How the sheets of a workbook look.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder};

/// How the cells of a workbook look.
pub(super) struct Style {
    /// The cells of a header.
    pub(super) header: Format,
    /// Cells that keep what is typed as it is: `007` stays `007`.
    pub(super) text: Format,
    pub(super) date: Format,
    /// Dates with a time of day.
    pub(super) date_time: Format,
    /// Names in a sheet that explains them.
    pub(super) name: Format,
    /// Other words beside them.
    pub(super) word: Format,
    /// Sentences, which are wrapped.
    pub(super) sentence: Format,
}

impl Style {
    pub(super) fn new() -> Self {
        let top = || Format::new().set_align(FormatAlign::Top);
        let header = top().set_bold().set_font_color(0x001F_3A4D).set_background_color(0x00DC_E8EF);
        Self {
            header: header.set_border_bottom(FormatBorder::Thin),
            text: top().set_num_format("@"),
            date: top().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Left),
            date_time: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            name: top().set_bold().set_num_format("@"),
            word: top(),
            sentence: top().set_text_wrap(),
        }
    }
}
