//! What is said of flags, of levels files, of maps, and at the end of a run.

use super::cases::{Case, on};

pub(super) const RECIPIENTS: &[Case] = &[
    on("rate in --recipients who", &[("in", "[]"), ("who", "name\nAnn\n")], "Add the column."),
    on("rate in --recipients who", &[("in", "[]"), ("who", "")], "Leave the flag out, or add recipients."),
    on("rate in --recipients who", &[("in", "[]"), ("who", "id,name\n\"\",Ann\n")], "Each recipient has an id."),
    on("rate in --recipients who", &[("in", "[]"), ("who", r#"[{"name":"Ann"}]"#)], "The same."),
    on(
        "rate in --recipients who",
        &[("in", "[]"), ("who", "id\na\na\n")],
        "A recipient may be stated again from a later date on.",
    ),
    on(
        "rate in --recipients who",
        &[("in", "[]"), ("who", "id,since\na,2026-01-05\na,2026-01-05\n")],
        "Keep one of the two.",
    ),
    on(
        "rate in --recipients who",
        &[("in", "[]"), ("who", r#"[{"id":"a","prefers":["x"]}]"#)],
        "Preferences have keys.",
    ),
];

pub(super) const LEVELS_FILES: &[Case] = &[
    on(
        "levels --check my.toml",
        &[("my.toml", "[[levels]]\nname = \"great\"\n")],
        "The names are fixed; translate the `label`.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[levels]]\nname = \"basic\"\nlabel = \"\"\n")],
        "Write something that people can read.",
    ),
    on("levels --check my.toml", &[("my.toml", "[[levels]]\nname = \"desired\"\nlasts = 0\n")], "One or more."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[levels]]\nname = \"basic\"\nlasts = 1\n")],
        "Acts slide no further than basic.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[levels]]\nname = \"desired\"\n[levels.signals]\n\"hand written\" = \"a card\"\n")],
        "Names have no blanks.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[levels]]\nname = \"desired\"\n[levels.signals]\nomitted = \"x\"\n")],
        "Leave the signal where it is.",
    ),
    on(
        "levels --check my.toml",
        &[(
            "my.toml",
            "[[levels]]\nname = \"desired\"\n[levels.signals]\ncard = \"x\"\n[[levels]]\nname = \"surprising\"\n[levels.signals]\ncard = \"x\"\n",
        )],
        "A signal belongs to one level.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[value]]\ncategory = \"emotional\"\nkinds = { money = \"x\" }\n")],
        "Choose another name.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[value]]\ncategory = \"emotional\"\nkinds = { emotional = \"x\" }\n")],
        "Choose another name.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[market]]\nact = \"\"\nsince = 2026-01-01\nlevel = \"basic\"\n")],
        "Name the act.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[market]]\nact = \"x\"\nsince = \"soon\"\nlevel = \"basic\"\n")],
        "Write a date.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[market]]\nact = \"x\"\nsince = 2026-01-01\nlevel = \"criminal\"\n")],
        "An act never becomes criminal by being common.",
    ),
    on("levels --check my.toml", &[("my.toml", "[[journey]]\nname = \"\"\npath = [\"p\"]\n")], "Name the journey."),
    on("levels --check my.toml", &[("my.toml", "[[journey]]\nname = \"shoes\"\npath = []\n")], "Name its points."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[[journey]]\nname = \"shoes\"\npath = [\"a//b\"]\n")],
        "Write the transaction and the point.",
    ),
    on(
        "levels --check my.toml",
        &[("my.toml", "[page]\ntitel = \"Unser Service\"\n")],
        "The texts of the page have fixed keys.",
    ),
    on("levels --check my.toml", &[("my.toml", "[page]\nzzz = \"Unser Service\"\n")], "The same."),
    on("levels --check my.toml", &[("my.toml", "[page]\ntitle = 5\n")], "Write words."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[page]\nmoments = 5\n")],
        "A text with a number has two forms, or one for all numbers.",
    ),
    on("levels --check my.toml", &[("my.toml", "[page]\ntitle = { one = \"a\", other = \"b\" }\n")], "Write one text."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[page]\ntitle = \" \"\n")],
        "Leave the key out to keep the English text.",
    ),
    on("levels --check my.toml", &[("my.toml", "[page]\ntitle = \"a\\nb\"\n")], "Write it on one line."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[page]\ntitle = \"{n} Momente\"\n")],
        "Only what the English text has can stand in its translation.",
    ),
    on("levels --check my.toml", &[("my.toml", "[page]\nspan = \"{moment}\"\n")], "The same."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[page]\nspan = \"{moments}\"\n")],
        "A translation says everything that the English text says.",
    ),
    on("levels --check my.toml", &[("my.toml", "[page]\nlang = \"Deutsch!\"\n")], "The language as browsers know it."),
    on("levels --check my.toml", &[("my.toml", "[page]\ndecimal = \"\"\n")], "One sign."),
    on("levels --check my.toml", &[("my.toml", "[page]\nthousands = \".\"\n")], "Set both, as the language has them."),
    on("levels --check my.toml", &[("my.toml", "[page]\npercent = \"{n\"\n")], "Close the placeholder."),
    on("levels --check my.toml", &[("my.toml", "[escalator]\nunnamed = \"on\"\n")], "Choose one."),
    on(
        "levels --check my.toml",
        &[("my.toml", "[escalator]\nmemory_days = 0\n")],
        r#"One or more; leave it out for "never forgets"."#,
    ),
    on("levels --check missing.toml", &[], "Correct the name."),
];

pub(super) const FLAGS: &[Case] = &[
    on("rate in -o .", &[("in", "[]")], "Name a file."),
    on(
        "rate in --strict --keep-going --in-order",
        &[("in", "{\"recipient\":\"b\",\"point\":\"p\"}\n{\"recipient\":\"a\",\"point\":\"p\",\"recovers\":\"f\"}")],
        "Leave one of the flags out.",
    )
    .like("unknown failures"),
    on(
        "rate a b --keep-going --rejects bad",
        &[("a", "recipient,point\na,\n"), ("b", "{}")],
        "Run the files one by one.",
    )
    .like("--rejects"),
    on("rate in --columns id,level,id", &[("in", "[]")], "Leave one out."),
    on("check p --signal lat", &[], "`serveup levels` lists the signals."),
    on("levels lat", &[], "Correct the word; `serveup levels` has them all."),
    on("check nowhere in", &[("in", r#"{"recipient":"a","point":"p"}"#)], "Write the full path, or its last part."),
    on(
        "check p in",
        &[(
            "in",
            "{\"recipient\":\"a\",\"journey\":\"x\",\"point\":\"p\"}\n{\"recipient\":\"a\",\"journey\":\"y\",\"point\":\"p\"}",
        )],
        "Write the full path.",
    ),
    on("check p --since 2026-01-01", &[], "Add files, or leave the flag out."),
    on("decay --from 2026-01-05", &[], "Add the flag."),
    on("decay --from 2026-01-05 --every weekly", &[], "Write a number and a unit."),
    on("decay --from 9999-12-01 --every 30d", &[], "Ask for less."),
    on("journey in --require 2", &[("in", "[]")], "Write a share."),
    on("rate in --threads 0", &[("in", "[]")], "Leave the flag out for all cores."),
    on("recovery in --link-within x", &[("in", "[]")], "Write a number."),
    on("check p --served email", &[], "Write the key and the text."),
    on("rate in -o out.xlsx", &[("in", "[]")], "Choose another ending."),
    on("rate in -o out.html", &[("in", "[]")], "Choose another ending."),
    on("rate in -o out.csv.gz", &[("in", "[]")], "Compress the output."),
    on("rate in -o in", &[("in", "[]")], "Choose another name."),
    on("rate in --keep-going --rejects out -o out", &[("in", "[]")], "Choose another name."),
    on(
        "report in -o page.csv",
        &[("in", r#"{"recipient":"a","point":"p"}"#)],
        "The page is HTML; a browser prints it to PDF.",
    ),
    on("init table.doc", &[], "Choose the kind by the ending."),
    on("init in.csv", &[("in.csv", "x")], "Choose another name."),
    on("man rat", &[], "Correct the name."),
    on("schema interaction --row", &[], "Leave the flag out."),
    on("sql --dialect duckdb --table a..b", &[], "Correct the name."),
    on("import in", &[("in", "a\n1\n")], "Choose one."),
    on("import in --jq {} -f csv", &[("in", "a\n1\n")], "Leave the flag out."),
    on("import in --jq {} -o out.csv", &[("in", "a\n1\n")], "Choose another ending."),
    on("import --show-map", &[], "Name the map."),
    on("rate in --last-by x", &[("in", "[]")], "The flag chooses among rows of an export."),
];

pub(super) const MAPS_AND_EXPORTS: &[Case] = &[
    on("import in --jq {} --last-by id", &[("in", "{\"x\":1}")], "Correct the name of the key."),
    on("import in --jq {} --last-by id", &[("in", "{\"data\":[{\"id\":1}]}")], "Name the list."),
    on("import in --map m.jq", &[("in", "a\n1\n"), ("m.jq", "\"1 2\" | fromjson")], "Pass one value."),
    on("import in --map m.jq", &[("in", "a\n1\n"), ("m.jq", "1 | fromjson")], "Pass text."),
    on(
        "import in --map m.jq",
        &[("in", "a\n01/02/2026\n"), ("m.jq", "{recipient: \"r\", point: \"p\", at: .a}")],
        "Say which it is, or read it in the map.",
    ),
    on("import in --map m.jq", &[("in", "a\n1\n"), ("m.jq", "repeat({})")], "Give the map an end."),
    on(
        "import in --map m.jq",
        &[("in", "who\nann\n"), ("m.jq", r#"{recipient: .who, point: "p""#)],
        "Close the bracket.",
    ),
    on(
        "import in --map m.jq",
        &[("in", "who\nann\n"), ("m.jq", "{recipient: .who, point: 'p'}")],
        "jq knows double quotes only.",
    ),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", "%")], "Correct the map; docs/maps.md has examples."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", ".who | knwon")], "Correct the name."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", "known(1; 2)")], "Correct the arguments."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", "env")], "Write it into the map."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", r#"include "x"; {}"#)], "Put all in one map."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", "[.who]")], "Return objects."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", "{recipient: .who}")], "Add the field to the map."),
    on(
        "import in --map m.jq",
        &[("in", "who\nann\n"), ("m.jq", r#"column("name")"#)],
        "Correct the name of the column.",
    ),
    on(
        "import in --map m.jq",
        &[("in", "who\nann\n"), ("m.jq", r#".who | lookup("who"; {bob: 1})"#)],
        "Add the text to the table in the map.",
    ),
    on(
        "import in --map m.jq",
        &[("in", "who\nann\n"), ("m.jq", ".who | verdict(5)")],
        "Clean the column, or map it first.",
    ),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", r#".who | instant("%d.%m.%Y")"#)], "Add the format."),
    on(
        "import in --map m.jq",
        &[("in", "who\nann\n"), ("m.jq", r#".who | instant("DD.MM.YYYY")"#)],
        "Formats are those of `strftime`.",
    ),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", r#"1 | later("x")"#)], "Pass a time."),
    on("import in --map m.jq", &[("in", "who\nann\n"), ("m.jq", "def f: f; f")], "Give the recursion an end."),
    on(
        "rate in --map m.jq",
        &[("in", "who\nann\nbob\n"), ("m.jq", r#"{id: "1", recipient: .who, point: "p"}"#)],
        "Use an id of the row.",
    ),
    on("import in --jq {} --last-by id", &[("in", "who\nann\n")], "Correct the name of the column."),
    on("import in --jq {} --at tickets", &[("in", r#"{"x":1}"#)], "Correct the key."),
    on("import in --jq {} --at x", &[("in", "[{}]")], "Leave the flag out."),
    on("import in --from auto", &[("in", r#"{"recipient":"a","point":"p"}"#)], "Interactions need no map."),
    on("import in --from auto", &[("in", "a,b\n1,2\n")], "Name the kind, or write a map."),
    on(
        "import in --from hubspot",
        &[("in", "Summation column,Requester id,Id\n1,2,3\n")],
        "Use the kind it looks like.",
    ),
];

pub(super) const NOTES: &[Case] = &[
    on(
        "rate in",
        &[(
            "in",
            "{\"recipient\":\"a\",\"point\":\"p\",\"recovers\":\"f\"}\n{\"recipient\":\"a\",\"point\":\"p\",\"recovers\":\"g\"}",
        )],
        "Add the failures, or correct their ids.",
    ),
    on("import in --jq {}", &[("in", "a,b\n")], "There is nothing to do.").like("header"),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","mood":"fine"}"#)],
        "Leave the field out, or keep it for yourself.",
    ),
    on("rate in", &[("in", r#"{"recipient":"a","point":"p","signal":"late"}"#)], "Rename the field."),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","id":"r","recovers":"f"}"#)],
        "Add the failure, or correct its id.",
    ),
    on(
        "rate in",
        &[("in", r#"{"recipient":"a","point":"p","signals":["unexpected"],"value":["time"]}"#)],
        "Name the act, if it is something that can be done again.",
    ),
    on("rate in", &[("in", "")], "There is nothing to do."),
    on("rate in", &[("in", "recipient,point\n")], "There is nothing to do."),
    on("rate in", &[("in", "recipient,point\na,p\nrecipient,point\nb,p\n")], "There is nothing to do."),
    on("import in --inspect", &[("in", "who,,who\na,b,c\n")], "Use these names in maps."),
    on("recovery in --link-within 3", &[("in", r#"{"recipient":"a","point":"p"}"#)], "Add times to the records.")
        .like("link-within"),
    on(
        "rate in --levels my.toml",
        &[("in", r#"{"recipient":"a","point":"p"}"#), ("my.toml", "[escalator]\nmemory_days = 30\n")],
        "Add times to the records.",
    ),
    on(
        "journey in --by team --require 60%",
        &[("in", r#"{"recipient":"a","point":"p"}"#)],
        "Correct the name, or add it to the records.",
    )
    .like("no record has"),
    on("rate in", &[("in", "recipient,point\na\0,p\n")], "Export or copy the file again."),
    on(
        "sql --dialect duckdb --report journey --by tags.region,tags.Region",
        &[],
        "Group by one of them, or use `serveup journey`.",
    ),
    on(
        "journey in --by tags.regoin",
        &[("in", r#"{"recipient":"a","point":"p","tags":{"region":"north"}}"#)],
        "Correct the name.",
    ),
    on(
        "journey in --by tags.mood",
        &[("in", r#"{"recipient":"a","point":"p","tags":{"region":"north","tier":"gold"}}"#)],
        "Use one of these.",
    ),
    on("journey in --by tags.mood", &[("in", r#"{"recipient":"a","point":"p"}"#)], "Records have none yet."),
    on(
        "rate in --baseline last --fail-on-failure",
        &[
            ("in", r#"{"id":"b","recipient":"r","point":"p","action":"card"}"#),
            ("last", "id,recipient,action,failure\na,r,card,false\n"),
        ],
        "What an act is worth hangs on how often it was done.",
    )
    .like("note"),
];

pub(super) const REJECTED_RECORDS_AND_GATES: &[Case] = &[
    on("rate in --keep-going", &[("in", "{\"recipient\":\"a\",\"point\":\"p\"}\n{}")], "The rest is rated."),
    on("rate in --keep-going", &[("in", "{\"recipient\":\"a\",\"point\":\"p\"}\n{}")], "The counts at the end.")
        .like("accepted"),
    on("rate in --keep-going", &[("in", "{}")], "Correct the records.").like("every record"),
    on(
        "rate in --fail-below expected",
        &[("in", r#"{"recipient":"a","point":"p","id":"x","signals":["late"]}"#)],
        "The gate did its work.",
    ),
    on(
        "rate in --fail-on-failure",
        &[("in", r#"{"recipient":"a","point":"p","id":"x","signals":["late"]}"#)],
        "The gate did its work.",
    ),
    on("rate in --fail-on-failure", &[("in", "[]")], "Check that there is input.").like("gate"),
    on("check in", &[("in", "[]")], "Name a point, and the file behind it."),
    on("rate in --baseline last", &[("in", "[]"), ("last", "")], "A baseline says what a gate has found before."),
    on(
        "rate in --baseline last --fail-on-failure",
        &[
            ("in", r#"{"id":"a","recipient":"r","point":"p","signals":["late"]}"#),
            ("last", "id,failure\na,false\na,true\n"),
        ],
        "Give each record an id of its own.",
    )
    .like("note"),
    on(
        "rate in --baseline last --fail-on-failure",
        &[("in", "[]"), ("last", "id,level\na,basic\n")],
        "Name what an earlier `serveup rate` printed.",
    ),
    on(
        "journey in --require 90%",
        &[("in", r#"{"recipient":"a","point":"p","signals":["late"]}"#)],
        "Collect more, or lower `--min-count` and `--min-recipients`.",
    )
    .like("gate"),
];
