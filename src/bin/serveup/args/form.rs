//! What is said of the form of the files, where their content does not tell it.

use anyhow::{Result, anyhow};
use encoding_rs::Encoding;
use serveup::read::Form;

/// What the content of a file does not tell.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct FormArgs {
    /// Sheet of a workbook to read [default: the first]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// Skip the N lines, or rows of a sheet, above the header
    #[arg(long, value_name = "N", default_value = "0", hide_default_value = true, allow_negative_numbers = true)]
    skip: u64,
    /// Character between the cells of a table, or `tab` [default: , ; tab or |, whichever the header uses]
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<String>,
    /// Encoding of the files, like latin1 or utf-16le [default: UTF-8, or by the byte order mark]
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
}

impl FormArgs {
    /// The form that the flags describe.
    pub(crate) fn form(&self) -> Result<Form> {
        let encoding = self.encoding.as_deref().map(|name| {
            let known = Encoding::for_label(name.as_bytes())
                .or_else(|| Encoding::for_label(name.replacen('-', "", 1).as_bytes()));
            known.ok_or_else(|| {
                anyhow!("--encoding: unknown encoding \"{name}\"; write a name like utf-8, latin1 or utf-16le")
            })
        });
        let delimiter = self.delimiter.as_deref().map(|text| match text.as_bytes() {
            b"tab" | b"\\t" => Ok(b'\t'),
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
            _ => Err(anyhow!("--delimiter: cannot use \"{text}\"; write one character like ; or the word tab")),
        });
        let (delimiter, encoding) = (delimiter.transpose()?, encoding.transpose()?);
        Ok(Form { delimiter, encoding, sheet: self.sheet.clone(), skip: self.skip, ..Form::UNKNOWN })
    }

    /// The first flag given.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let given = [
            (self.sheet.is_some(), "--sheet"),
            (self.skip > 0, "--skip"),
            (self.delimiter.is_some(), "--delimiter"),
            (self.encoding.is_some(), "--encoding"),
        ];
        given.into_iter().find(|(given, _)| *given).map(|(_, flag)| flag)
    }
}
