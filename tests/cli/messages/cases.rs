//! An input for each message, and what to do about it; those about records and the files they are in.

use super::runs;

/// A run that says something.
pub(super) struct Case {
    /// The command line, split at blanks.
    pub(super) line: &'static str,
    /// More arguments, with blanks in them.
    pub(super) more: &'static [&'static str],
    /// The files it reads, with what is in them.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What the line holds that is meant; the first line where it is empty.
    pub(super) like: &'static str,
    /// What to do about it.
    pub(super) advice: &'static str,
}

/// A run on the file `in`.
pub(super) const fn on(
    line: &'static str,
    files: &'static [(&'static str, &'static str)],
    advice: &'static str,
) -> Case {
    Case { line, more: &[], files, like: "", advice }
}

impl Case {
    pub(super) const fn like(self, like: &'static str) -> Self {
        Self { like, ..self }
    }

    pub(super) const fn with(self, more: &'static [&'static str]) -> Self {
        Self { more, ..self }
    }
}

/// The sections of the page.
pub(super) const SECTIONS: &[(&str, &[Case])] = &[
    ("Fields of a record", FIELDS_OF_A_RECORD),
    ("Dates", DATES),
    ("Files that hold no records", FILES_THAT_HOLD_NO_RECORDS),
    ("JSON", JSON),
    ("Tables", TABLES),
    ("Recipients", runs::RECIPIENTS),
    ("Levels files", runs::LEVELS_FILES),
    ("Flags", runs::FLAGS),
    ("Maps and exports", runs::MAPS_AND_EXPORTS),
    ("Notes", runs::NOTES),
    ("Rejected records and gates", runs::REJECTED_RECORDS_AND_GATES),
];

const FIELDS_OF_A_RECORD: &[Case] = &[
    on("rate in", &[("in", r#"{"point":"p"}"#)], "Every record needs a recipient and a point."),
    on("rate in", &[("in", r#"{"recipient":""}"#)], "The same for a field that is there but empty."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","signals":"late"}"#)],
        "Signals are a list, also where there is one.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","served":"email"}"#)],
        "Say how the recipient was served by key: channel, language, cadence.",
    ),
    on("rate in", &[("in", "recipient,point,served\na,p,email\n")], "In a table, each key is a column."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","tags":["north"]}"#)],
        "Give each dimension of your own a name.",
    ),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","tags":{"":"north"}}"#)], "The same."),
    on("rate in", &[("in", "recipient,point,tags.\na,p,north\n")], "In a table, each name is a column."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","signals":["lat"]}"#)],
        "Correct the name; `serveup levels` lists the signals.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","signals":["fluffy"]}"#)],
        "Use a signal of the list, or add your own to a levels file.",
    ),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","signals":["late, chased"]}"#)], "One name each."),
    on(
        "rate in",
        &[("in", "recipient,point,signals\na,p,\"late, chased\"\n")],
        "In a table, lists are separated with `;`.",
    ),
    on("rate in", &[("in", "recipient,point,signals\na,p,[late]\n")], "No brackets in a table."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","verdict":"good"}"#)],
        "Translate the scale to levels, or use an open verdict like basic-or-below.",
    ),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","stage":"mid"}"#)], "Correct the name."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","relation":"client"}"#)],
        "A customer is external, a colleague internal.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":["luck"]}"#)],
        "`serveup levels` lists the categories and kinds of value.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":[3]}"#)],
        "Name the value; an amount goes with its kind.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":[{"kind":"money","amount":"12,50"}]}"#)],
        "Amounts have a decimal point and no separators.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":["money=12.50EUR"]}"#)],
        "Put a blank before the unit.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":[{"kind":"money","amount":"lots"}]}"#)],
        "Write a number, or leave the amount out.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":[{"kind":"felt-good","amount":1}]}"#)],
        "Only money and time, and your own quantified kinds, have amounts.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","value":[{"kind":"time","unit":"h"}]}"#)],
        "Add the amount, or leave the unit out.",
    ),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","value":[{"amount":1}]}"#)], "Name the kind."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","value":[{"amont":1}]}"#)], "Correct the key."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","point":"q"}"#)], "Each field once."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","said":"\ud800"}"#)],
        "The text has an escape that stands for no character.",
    ),
    on(
        "rate in",
        &[(
            "in",
            "{\"recipient\":\"a\",\"point\":\"p\",\"id\":\"x\"}\n{\"recipient\":\"a\",\"point\":\"p\",\"id\":\"x\"}",
        )],
        "Ids are unique in all files; with `--keep-going` the later record is rejected.",
    ),
    on(
        "rate in",
        &[("in", "{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"2026-01-05\"}\n{\"recipient\":\"a\",\"point\":\"p\"}")],
        "Records without a time cannot be put in order among those with one.",
    ),
    on(
        "rate in",
        &[("in", "{\"recipient\":\"a\",\"point\":\"p\"}\n{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"2026-01-05\"}")],
        "The same the other way round.",
    ),
    on(
        "rate in --strict",
        &[("in", r#"{"recipient":"a","point":"p","mood":"fine"}"#)],
        "Under `--strict` an unknown field is an error; else it is a note.",
    ),
    on("rate in --strict", &[("in", r#"{"recipient":"a","point":"p","verdct":"basic"}"#)], "Rename the field."),
    on(
        "rate in --strict",
        &[("in", r#"{"recipient":"a","point":"p","id":"r","recovers":"f"}"#)],
        "Under `--strict` a recovery of an unknown failure is an error; else it is a note.",
    ),
];

const DATES: &[Case] = &[
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","at":"01/02/2026 14:00"}"#)], "Say which of the two it is."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","at":"28.02.2026"}"#)],
        "Rewrite the date, or name its form.",
    ),
    on(
        "rate in --date-format %Y/%m/%d",
        &[("in", r#"{"recipient":"a","point":"p","at":"28.02.2026"}"#)],
        "Several formats may be given.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","at":"1767225600"}"#)],
        "Numbers may be seconds or milliseconds since 1970.",
    ),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","at":"soon"}"#)], "Write a date, or leave the record out."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","at":"2026-02-30"}"#)], "Correct the day."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","at":"2026-02-01 14:00"}"#)],
        "Times without offset need to know where.",
    ),
    on(
        "rate in --date-format %d/%m/%Y",
        &[("in", r#"{"recipient":"a","point":"p","at":"31/12/0000"}"#)],
        r#"Some programs write such a date for "none"."#,
    ),
    on("rate in", &[("in", "[]")], "Formats are those of `strftime`.").with(&["--date-format", "DD/MM/YYYY"]),
    on("rate in", &[("in", "[]")], "Add the year.").with(&["--date-format", "%d.%m."]),
    on("rate in", &[("in", "[]")], "Add `%p`.").with(&["--date-format", "%d/%m/%Y %I:%M"]),
    on("rate in", &[("in", "[]")], "Name the zone with `--timezone`.").with(&["--date-format", "%d/%m/%Y %Z"]),
    on("rate in --timezone Europe/Berln", &[("in", "[]")], "Correct the name of the zone."),
    on("rate in --timezone Atlantis", &[("in", "[]")], "Names of zones are those of the IANA database."),
    on("rate in --since 2026-13", &[("in", "[]")], "Write a date, an instant or a period."),
    on("rate in --since 2026-02-01 --until 2026-01-01", &[("in", "[]")], "Exchange the two."),
    on(
        "rate in --since 2026-01-01",
        &[("in", r#"{"recipient":"a","point":"p"}"#)],
        "Leave the flag out, or add times to the records.",
    ),
    on("report in --as-of 2026-01-01", &[("in", r#"{"recipient":"a","point":"p"}"#)], "The same."),
    on("uplift in", &[("in", r#"{"recipient":"a","point":"p"}"#)], "Add times to the records."),
    on("rate in --as-of 2026-01-01", &[("in", r#"{"recipient":"a","point":"p"}"#)], "Use `--until`."),
    on(
        "uplift in --compare 2026",
        &[("in", r#"{"recipient":"a","point":"p","at":"2026-01-05"}"#)],
        "Name two periods.",
    ),
    on(
        "uplift in --compare 2026-03..2026-01",
        &[("in", r#"{"recipient":"a","point":"p","at":"2026-01-05"}"#)],
        "Exchange the two.",
    ),
    on(
        "rate in --in-order",
        &[(
            "in",
            "{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"2026-01-05\"}\n{\"recipient\":\"a\",\"point\":\"p\",\"at\":\"2026-01-04\"}",
        )],
        "Sort the records, or leave the flag out.",
    ),
];

const FILES_THAT_HOLD_NO_RECORDS: &[Case] = &[
    on("rate missing", &[], "Correct the name."),
    on("rate .", &[], "Name files; the shell can list them: folder/*.jsonl."),
    on("rate - -", &[], "Name it once."),
    on("rate in", &[("in", "id,who\n1,a\n")], "Rename the columns, or read an export with a map."),
    on(
        "rate in",
        &[("in", "2026-01-01 12:00:00 INFO started\n2026-01-01 12:00:01 WARN slow\n")],
        "Convert the file first.",
    ),
    on("rate in", &[("in", "Moments of March\n\nrecipient,point\na,p\n")], "Skip the title."),
    on("rate in --delimiter ,", &[("in", "recipient;point\na;p\n")], "Leave the flag out."),
    on("rate in --delimiter ab", &[("in", "[]")], "One character."),
    on("rate in --encoding klingon", &[("in", "[]")], "Names of encodings are those of the WHATWG."),
    on("rate in --sheet May", &[("in", "recipient,point\na,p\n")], "Leave the flag out."),
    on("rate in --skip 9", &[("in", "recipient,point\na,p\n")], "Use a smaller number."),
    on("rate in", &[("in", "<!DOCTYPE html>\n<p>Please log in</p>\n")], "Download the file again, logged in."),
    on("rate in", &[("in", r#"<?xml version="1.0"?><tickets/>"#)], "Export the table in another form."),
    on("rate in", &[("in", "%PDF-1.7\n")], "Ask for the table."),
    on("rate in", &[("in", "PAR1\n")], "docs/sql.md shows how."),
    on("rate in", &[("in", "ID;PWXL;N;E\n")], "Save it in another form."),
    on("rate in", &[("in", r"{\rtf1 hello}")], "Save the table in another form."),
    on("rate in", &[("in", "BZh91AY")], "Unpack it first."),
    on("rate in", &[("in", "Obj\u{1}")], "docs/sql.md shows how."),
    on("rate in", &[("in", "SQLite format 3")], "Export the table first."),
    on("rate in", &[("in", "ARROW1")], "docs/sql.md shows how."),
    on("rate in", &[("in", "FEA1")], "docs/sql.md shows how."),
    on("rate in", &[("in", "ORC")], "Save it in another form."),
    on("rate in", &[("in", "Rar!")], "Unpack it first."),
    on("rate in", &[("in", "PK\u{5}\u{6}")], "Name the right file."),
    on("rate in", &[("in", "\u{7f}ELF")], "Name the right file."),
    on("rate in", &[("in", "GIF89a")], "Type the table, or ask for it."),
    on("rate in", &[("in", "TABLE\n0,1\n")], "Save it in another form."),
    on("rate in", &[("in", "\0\0\0")], "The download or the disk failed."),
    on("rate in", &[("in", "a\0b\0")], "Name the encoding."),
    on("rate in", &[("in", "<office:document>")], "Save it in another form."),
    on("rate in", &[("in", "<workbook>")], "Save it in another form."),
];

const JSON: &[Case] = &[
    on("rate in", &[("in", r#"[{"recipient":"a","point":"p"},"#)], "Copy or download the file again."),
    on("rate in", &[("in", r#"[{"recipient":"a","point":"p"},]"#)], "Delete the comma."),
    on("rate in", &[("in", r#"[{"recipient":"a","point":"p"}{"recipient":"a","point":"p"}]"#)], "Add a comma between records."),
    on("rate in", &[("in", r#"[{"recipient":"a","point":"p"}] x"#)], "Delete what follows."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p",}"#)], "Delete the comma."),
    on("rate in", &[("in", r#"{"recipient":"a" "point":"p"}"#)], "Add the comma."),
    on("rate in", &[("in", r#"{"recipient":01,"point":"p"}"#)], "A number does not begin with 0; an id is text."),
    on("rate in", &[("in", r#"{"recipient":"a","point" "p"}"#)], "Add the colon."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","said":NaN}"#)], "JSON has no word for what is no number: leave the field out."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","said":"C:\data"}"#)], "Double the backslash."),
    on("rate in", &[("in", "{\"recipient\":\"a\",\"point\":\"p\",\"said\":\"a\tb\"}")], "Write a tab as \\t."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","x":["#)], "Copy or download the file again."),
    on("rate in", &[("in", "{\"recipient\":\"a\",\"point\":\"p\"}\n3\n")], "A record is an object in braces."),
    on("rate in", &[("in", r#"{"interactions":3}"#)], "Put the interactions in a list."),
    on("rate in", &[("in", r#"{"interactions":[],"interactions":[]}"#)], "Join the lists."),
    on("rate in", &[("in", r#"{"data":[{"x":1}]}"#)], "Name the list."),
    on("rate in", &[("in", r#"{"Recipient":"a","point":"p"}"#)], "Rename the field."),
    on("rate in", &[("in", r#"{"customer":"a"}"#)], "Read an export with `--from`, or write a map."),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","x":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}"#)], "Flatten the value."),
    on("rate in", &[("in", "{\"recipient\":\"a\",\"point\":\"p\"}\n{\"recipients\":[],\"interactions\":[]}\n{\"recipients\":[{\"id\":\"a\"}]}")], "Put recipients first, or into a file of their own.").like("recipient"),
];

const TABLES: &[Case] = &[
    on("rate in", &[("in", "recipient,point,at,at\na,p,,\n")], "Delete one of the columns."),
    on("rate in", &[("in", "recipient,at\na,2026-01-05\n")], "Add the column."),
    on("rate in", &[("in", "recipent,point\na,p\n")], "Rename the column."),
    on("rate in", &[("in", "recipient,point,verdict\na,p\n")], "Add the cell, also if it is empty."),
    on("rate in", &[("in", "recipient,point\na,p,late\n")], "Put quotes around cells with a separator in them."),
    on("rate in", &[("in", "recipient,point\na,\"p\"q\n")], "Correct the quotes."),
    on("rate in", &[("in", "recipient,point\na,\"p\n")], "Close the quote."),
    on("rate in", &[("in", "recipient,point\na,p\nid,recipient,point\n")], "One table in a file."),
    on("import in --jq {}", &[("in", "a,b\n1,2\nTotal\n")], "Leave the footer out."),
];
