//! `serveup levels`, and what a levels file of one's own changes.

use serde_json::Value;
use serveup::Model;

use crate::harness::{Serveup, example, lines, serveup};

/// Labels in another language, and nothing else.
const GERMAN: &str = r#"
[[levels]]
name = "criminal"
label = "kriminell"
[[levels]]
name = "basic"
label = "dürftig"
[[levels]]
name = "expected"
label = "erwartet"
[[levels]]
name = "desired"
label = "erwünscht"
[[levels]]
name = "surprising"
label = "überraschend"
[[levels]]
name = "unbelievable"
label = "unglaublich"
[[value]]
category = "emotional"
label = "gefühlt"
[[response]]
rung = "blame"
label = "Schuld zuweisen"
"#;

#[test]
fn the_model_in_words() {
    let text = "\
Service is judged by the person served, on six levels. Facts noted about a
moment are its signals; each speaks for one level. The lowest shortfall decides,
else the highest lift, else it is as expected.

6 unbelievable (top half)
    means    Astonishing, once in a lifetime, the story that gets told.
    signals  astonishing, story-told (only where value was created)
    lasts    1 delivery, then it slides
    step up  There is no step above this one. Enjoy it, and prepare the next
             act: done again, this one is only a nice surprise.

5 surprising (top half)
    means    Something unexpected that this person values, like a gift.
    signals  unexpected (only where value was created)
    lasts    1 delivery, then it slides
    step up  Do what nobody would think possible here, for someone you care
             about, and prepare the next surprise, because this one fades.

4 desired (top half)
    means    Served the way this person likes it, hopes for it, prefers it.
    signals  preferred-way, as-hoped, forewarned
    lasts    1 delivery, then it slides
    step up  Think about what this person values, and do something for them they
             did not have in mind.

3 expected (bottom half)
    means    Normal, average, what the industry does, as agreed. Satisfied,
             which is not yet loyal.
    signals  as-agreed, on-time, omitted, preference-missed
    lasts    1 delivery, then it slides
    step up  Ask how this person likes it, and serve them that way.

2 basic (bottom half)
    means    They got what they needed, but it was not nice; or it has become
             routine.
    signals  late, incomplete, inaccurate, impolite, unexplained, chased,
             unwelcome, hard-to-use
    lasts    an act that has slid here rests
    step up  Remove what bothered them: be on time, complete, right the first
             time and polite, and tell them what is happening before they have
             to ask.

1 criminal (bottom half)
    means    A service promise was broken, or a minimum that anyone may expect
             was violated.
    signals  promise-broken, minimum-violated, unresolved
    lasts    an act never slides here
    step up  Keep the promise: give them what they were told they would get, and
             put the harm right as a moment of its own.

The escalator: an act that once was surprising or better slides down a level
each time it is repeated. It never becomes criminal by being done, only by not
being done once it is owed. Only interactions that name an action ride it;
nothing is ever forgotten.

Value, in the eyes of the person served:
  quantified   value that can be measured: money, time
  emotional    value that is felt: understood, felt-good, anxiety-reduced
  relational   value between people: connected-to-people, connected-to-provider
  existential  value for a whole life: purpose, direction

How people respond to a failure; only what is above the line helps:
  responsibility  I do all I can to put it right and to keep it from happening
                  again
  --------------
  justify         it was nobody's fault: the system, the budget, the policy
  shame           it was my fault, and I feel bad about it
  blame           it was somebody else's fault
";
    serveup("levels -f table").stdout(text).run();
}

#[test]
fn rules_of_ones_own_in_words() {
    let rules = "[[levels]]\nname = \"surprising\"\nlasts = 2\n[escalator]\nfrom = \"desired\"\nunnamed = \"point\"\nmemory_days = 1\n\
                 [[market]]\nact = \"next-day\"\nsince = 2019-01-01\nlevel = \"expected\"\n";
    let run = serveup("levels -f table --levels rules.toml").file("rules.toml", rules);
    run.stdout_has("    lasts    2 deliveries, then it slides\n")
        .stdout_has("an act that once was desired or better slides down")
        .stdout_has("the perception point stands for\nthe act; after 1 day without it, an act is new again.\n")
        .stdout_has("since 2019-01-01, everyone takes next-day as expected\n")
        .run();
}

#[test]
fn the_effective_rules_as_one_document() {
    let rules = "[[levels]]\nname = \"basic\"\nlabel = \"so-so\"\n[levels.signals]\nsmelly = \"it smelt\"\n\
                 [[value]]\ncategory = \"relational\"\n[value.kinds]\nkinship = \"felt like family\"\n\
                 [[market]]\nact = \"a\"\nsince = 2019-01-01\nlevel = \"desired\"\n[enough]\nrecipients = 7\n";
    let run = serveup("levels -f json --levels rules.toml").file("rules.toml", rules).any_stdout().run();
    let document: Value = serde_json::from_str(&run.stdout).expect("a document");
    let names = |list: &Value, name: &str| -> Vec<String> {
        list.as_array().expect("a list").iter().map(|row| row[name].as_str().expect("a text").to_owned()).collect()
    };
    let levels = ["criminal", "basic", "expected", "desired", "surprising", "unbelievable"];
    assert_eq!(names(&document["levels"], "level"), levels);
    assert_eq!(document["levels"][1]["label"], "so-so");
    assert_eq!(document["levels"][1]["signals"].as_array().and_then(|signals| signals.last()), Some(&"smelly".into()));
    assert_eq!(document["levels"][1]["lasts"], Value::Null);
    assert_eq!(document["levels"][5]["lasts"], 1);
    assert_eq!(document["signals"].as_array().expect("a list").len(), Model::shipped().signals().len() + 1);
    assert_eq!(names(&document["value"], "category"), ["quantified", "emotional", "relational", "existential"]);
    assert_eq!(document["value"][2]["kinds"][2]["kind"], "kinship");
    let market = serde_json::json!([{"act": "a", "since": "2019-01-01T00:00:00Z", "level": "desired"}]);
    assert_eq!(document["market"], market);
    assert_eq!(names(&document["response"], "rung"), ["blame", "shame", "justify", "responsibility"]);
    assert_eq!(document["enough"], serde_json::json!({"interactions": 10, "recipients": 7}));
    assert_eq!(document["loyalty"]["recent"], 3);
    // in the formats of rows, a level a row
    for (format, rows) in [("tsv", 7), ("csv", 7), ("jsonl", 6), ("tsv --no-header", 6)] {
        let run = run.then(&format!("levels --levels rules.toml -f {format}")).any_stdout().run();
        assert_eq!(run.stdout.lines().count(), rows, "{format}");
    }
}

#[test]
fn a_good_file_is_called_good() {
    serveup("levels --check rules.toml").file("rules.toml", GERMAN).stdout("rules.toml: good\n").run();
    serveup("levels --check rules.toml").file("rules.toml", "").stdout("rules.toml: good\n").run();
    let shipped = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/levels.toml")).expect("the rules");
    // the shipped rules over themselves, as a spreadsheet editor of another country saves them
    let saved = format!("\u{feff}{}", shipped.replace('\n', "\r\n"));
    serveup("levels --check rules.toml").file("rules.toml", saved).stdout("rules.toml: good\n").run();
    let memory = example("memory.toml").display().to_string();
    serveup("levels --check").arg(&memory).stdout(format!("{memory}: good\n")).run();
}

#[test]
fn a_rule_that_cannot_stand_is_refused_with_its_line() {
    let level = |name: &str, more: &str| format!("[[levels]]\nname = \"{name}\"\n{more}");
    let signal =
        |level: &str, name: &str| format!("[[levels]]\nname = \"{level}\"\n[levels.signals]\n{name} = \"x\"\n");
    let kind =
        |category: &str, name: &str| format!("[[value]]\ncategory = \"{category}\"\n[value.kinds]\n{name} = \"x\"\n");
    let market = |since: &str, level: &str| format!("[[market]]\nact = \"a\"\nsince = {since}\nlevel = \"{level}\"\n");
    let levels = "criminal, basic, expected, desired, surprising or unbelievable";
    for (rules, said) in [
        // an unknown key, anywhere
        (
            "speed = 1".to_owned(),
            "1:1: unknown field `speed`, expected one of `levels`, `value`, `escalator`, `market`, `response`, `journey`, `loyalty`, `enough`, `page`",
        ),
        (
            "[escalator]\nmemory = 90\n".to_owned(),
            "2:1: unknown field `memory`, expected one of `from`, `unnamed`, `memory_days`",
        ),
        (
            level("basic", "colour = \"red\"\n"),
            "3:1: unknown field `colour`, expected one of `name`, `label`, `means`, `step_up`, `lasts`, `needs_value`, `signals`",
        ),
        // a signal on two levels: both places
        (
            format!("\n{}{}", signal("surprising", "card"), signal("basic", "card")),
            "9:1: signal \"card\" is given twice, here and on line 5; keep one",
        ),
        (signal("basic", "a") + "a = \"y\"\n", "5:1: duplicate key"),
        // levels are six
        (level("great", ""), &format!("2:8: name: unknown level \"great\"; write {levels}")),
        (level("basic", "") + &level("basic", ""), "4:8: level \"basic\" is given twice, here and on line 2; keep one"),
        ("[[levels]]\nlabel = \"x\"\n".to_owned(), "1:1: missing field `name`"),
        (level("basic", "label = \"\"\n"), "3:9: label: cannot use \"\"; write one line of text, without ;"),
        // how long a level lasts
        (level("expected", "lasts = 0\n"), "3:9: lasts: is 0; write a whole number from 1 to 4294967295"),
        (level("desired", "lasts = -1\n"), "3:9: lasts: is -1; write a whole number from 1 to 4294967295"),
        (
            level("basic", "lasts = 1\n"),
            "3:9: lasts: acts rest on basic for good; leave it out, or use it from expected up",
        ),
        (
            level("criminal", "lasts = 1\n"),
            "3:9: lasts: acts rest on criminal for good; leave it out, or use it from expected up",
        ),
        // the market
        (market("2026-01-01", "criminal"), "4:9: level: a market never makes an act criminal; write basic or better"),
        (market("2026-01-01", "cheap"), &format!("4:9: level: unknown level \"cheap\"; write {levels}")),
        (market("\"soon\"", "basic"), "3:9: since: cannot use \"soon\"; write a date like 2026-01-05"),
        (
            market("2026-01-01T00:00:00Z", "basic"),
            "3:9: since: cannot use \"2026-01-01T00:00:00Z\"; write a date like 2026-01-05",
        ),
        (market("2026", "basic"), "3:9: since: cannot use \"2026\"; write a date like 2026-01-05"),
        (
            market("2026-01-01", "basic") + &market("\"2026-01-01\"", "expected"),
            "6:7: market row \"a since 2026-01-01\" is given twice, here and on line 2; keep one",
        ),
        // signals the rules themselves use
        (
            signal("basic", "omitted"),
            "4:1: signal \"omitted\" cannot move to basic, because the rules use it; leave it on expected",
        ),
        (
            signal("basic", "preferred-way"),
            "4:1: signal \"preferred-way\" cannot move to basic, because the rules use it; leave it on desired",
        ),
        (
            signal("basic", "preference-missed"),
            "4:1: signal \"preference-missed\" cannot move to basic, because the rules use it; leave it on expected",
        ),
        // value
        (kind("emotional", "money"), "4:1: kind \"money\" is already quantified; keep it in one category"),
        (
            kind("emotional", "fun") + &kind("relational", "fun"),
            "8:1: kind \"fun\" is given twice, here and on line 4; keep one",
        ),
        (
            kind("emotional", "a") + &kind("emotional", "b"),
            "6:12: category \"emotional\" is given twice, here and on line 2; keep one",
        ),
        (
            kind("spiritual", "a"),
            "2:12: category: unknown category \"spiritual\"; write quantified, emotional, relational or existential",
        ),
        (kind("emotional", "time"), "4:1: kind \"time\" is already quantified; keep it in one category"),
        // the rest
        (
            "[[response]]\nrung = \"anger\"\n".to_owned(),
            "2:8: rung: unknown rung \"anger\"; write blame, shame, justify or responsibility",
        ),
        ("[loyalty]\nrecent = 0\n".to_owned(), "2:10: recent: is 0; write a whole number from 1 to 4294967295"),
        (
            "[enough]\nrecipients = -5\n".to_owned(),
            "2:14: recipients: is -5; write a whole number from 1 to 4294967295",
        ),
        (
            "[escalator]\nfrom = \"Desired\"\n".to_owned(),
            "2:8: from: unknown level \"Desired\"; did you mean \"desired\"?",
        ),
        ("[escalator]\nunnamed = \"on\"\n".to_owned(), "2:11: unnamed: unknown setting \"on\"; write off or point"),
        ("[[levels]\n".to_owned(), "1:10: unclosed array table, expected `]`"),
        ("[[levels]]\nname = 5\n".to_owned(), "2:8: invalid type: integer `5`, expected a string"),
    ] {
        let said = format!("serveup: rules.toml:{said}\n");
        let ran = serveup("levels --check rules.toml").file("rules.toml", rules).status(2).stderr(&said).run();
        // and by every other command, before anything is read or printed
        ran.then("rate nowhere --levels rules.toml").status(2).stderr(&said).run();
        ran.then("check p").env("SERVEUP_LEVELS", "rules.toml").status(2).stderr(&said).run();
    }
}

#[test]
fn a_hundred_and_twenty_eight_signals_and_no_more() {
    let free = 128 - Model::shipped().signals().len();
    let rules = |more: usize| {
        let signals = (0..more).map(|number| format!("s{number} = \"x\""));
        lines(["[[levels]]", "name = \"basic\"", "[levels.signals]"].map(str::to_owned).into_iter().chain(signals))
    };
    let ran = serveup("levels --check rules.toml").file("rules.toml", rules(free)).stdout("rules.toml: good\n").run();
    let line = free + 4;
    let said = format!("serveup: more.toml:{line}:1: signal \"s{free}\" is one too many; keep 128 in all\n");
    ran.then("levels --check more.toml").file("more.toml", rules(free + 1)).status(2).stderr(said).run();
    // the last of them counts like the first
    let record = format!(r#"{{"recipient":"a","point":"p","signals":["s{}"]}}"#, free - 1);
    ran.then("rate in -f json --levels rules.toml").file("in", record).columns("level", &["basic"]).run();
}

#[test]
fn what_is_no_levels_file_is_told() {
    let said = "serveup: nowhere: cannot read the levels file: No such file or directory (os error 2)\n";
    serveup("levels --check nowhere").status(2).stderr(said).run();
    serveup("levels --levels nowhere").status(2).stderr(said).run();
    let run = serveup("levels --check folder").status(2);
    std::fs::create_dir(run.path("folder")).expect("a folder");
    run.stderr_has("serveup: folder: cannot read the levels file: ").run();
    let said = "serveup: rules.toml: the levels file is not UTF-8; save it as UTF-8\n";
    serveup("levels --check rules.toml").file("rules.toml", b"\xff\xfe").status(2).stderr(said).run();
    let run = serveup("levels --check rules.toml -f json").file("rules.toml", "").status(2);
    run.stderr_has("'--check <FILE>' cannot be used with '--format <FORMAT>'").run();
}

#[test]
fn the_flag_outranks_the_environment() {
    let label = |text: &str| format!("[[levels]]\nname = \"basic\"\nlabel = \"{text}\"\n");
    let run = |flags: &str, variable: &str| {
        let run = serveup(&format!("levels -f tsv --no-header {flags}")).env("SERVEUP_LEVELS", variable);
        let run = run.file("flag.toml", label("by flag")).file("variable.toml", label("by variable"));
        let ran = run.any_stdout().run();
        ran.stdout.lines().nth(1).and_then(|row| row.split('\t').nth(2)).map(str::to_owned).expect("a label")
    };
    assert_eq!(run("", "variable.toml"), "by variable");
    assert_eq!(run("--levels flag.toml", "variable.toml"), "by flag");
    assert_eq!(run("--levels flag.toml", "nowhere"), "by flag");
    // set to nothing is not set
    assert_eq!(run("", ""), "basic");
}

#[test]
fn translated_labels_change_what_people_read_and_nothing_in_json() {
    let path = |name: &str| example(name).display().to_string();
    let runs = [
        ("rate", vec![path("agency.json")]),
        ("rate", vec![path("escalator.jsonl")]),
        ("rate --why", vec![path("shop.json")]),
        ("check p --signal unexpected --value time --repeat 4", vec![]),
        ("check p --signal late --verdict desired --claimed basic", vec![]),
        ("decay", vec![]),
    ];
    for (line, files) in runs {
        let run = |flags: &str| {
            let run = serveup(&format!("{line} {flags}")).file("german.toml", GERMAN);
            files.iter().fold(run, Serveup::arg).any_stdout().run().stdout
        };
        for format in ["json", "jsonl", "tsv", "csv"] {
            assert_eq!(run(&format!("-f {format}")), run(&format!("-f {format} --levels german.toml")), "{line}");
        }
        let (english, german) = (run("-f table"), run("-f table --levels german.toml"));
        assert!(!english.contains("dürftig") && german.contains("dürftig"), "{german}");
        let names = ["criminal", "basic", "desired", "surprising", "unbelievable"];
        let table = german.lines().filter(|line| !line.contains("means") && !line.contains("step up"));
        for line in table {
            assert!(!names.iter().any(|name| line.contains(name)), "{line}");
        }
    }
    serveup("levels -f table --levels german.toml")
        .file("german.toml", GERMAN)
        .stdout_has("2 dürftig (bottom half)\n")
        .run();
}

#[test]
fn a_signal_of_ones_own_works_at_once() {
    let rules = "[[levels]]\nname = \"surprising\"\n[levels.signals]\nhandwritten-card = \"a card written by hand came with it\"\n";
    let records = r#"{"recipient":"a","point":"p","action":"card","signals":["handwritten-card"],"value":["felt-good"]}
{"recipient":"a","point":"p","action":"card","signals":["handwritten-card"],"value":["felt-good"]}
{"recipient":"b","point":"p","action":"card","signals":["handwritten-card"]}
{"recipient":"c","point":"p","action":"card","signals":["unexpected"],"value":["felt-good"]}
"#;
    let run = serveup("rate in -f json --levels rules.toml").file("rules.toml", rules).file("in", records);
    let rows = ["surprising surprising", "desired surprising", "expected expected", "surprising surprising"];
    run.columns("level evidence", &rows).run();
}

#[test]
fn a_shipped_signal_named_under_another_level_moves() {
    let rules = "[[levels]]\nname = \"criminal\"\n[levels.signals]\nlate = \"here that is unforgivable\"\n\
                 [[levels]]\nname = \"desired\"\n[levels.signals]\non-time = \"here that is rare\"\n";
    let records = lines(
        [r#"["late"]"#, r#"["on-time"]"#, r#"["chased"]"#]
            .map(|signals| format!(r#"{{"recipient":"a","point":"p","signals":{signals}}}"#)),
    );
    let ran = serveup("rate in -f json").file("in", records).columns("level", &["basic", "expected", "basic"]).run();
    let run = ran.then("rate in -f json --levels rules.toml").file("rules.toml", rules);
    let ran = run.columns("level", &["criminal", "desired", "basic"]).run();
    let run = ran.then("levels -f table --levels rules.toml");
    run.stdout_has("    signals  promise-broken, minimum-violated, unresolved, late\n").run();
}

#[test]
fn rules_reach_no_terminal_raw() {
    // what people read is one line, so a label with a control is refused; a meaning is shown harmless
    let label = "[[levels]]\nname = \"basic\"\nlabel = \"so\\u001b[2Jso\"\n";
    let said = "serveup: rules.toml:3:9: label: cannot use \"so\\u{1b}[2Jso\"; write one line of text, without ;\n";
    serveup("levels --check rules.toml").file("rules.toml", label).status(2).stderr(said).run();
    let means = "[[levels]]\nname = \"basic\"\nmeans = \"so\\u001b[2Jso\"\nstep_up = \"be\\u0007tter\"\n";
    for line in ["levels -f table", "check p --signal late -f table"] {
        let run = serveup(&format!("{line} --levels rules.toml")).file("rules.toml", means);
        let ran = run.stdout_has(r"so\u{1b}[2Jso").stdout_has(r"be\u{7}tter").run();
        assert!(!ran.stdout.contains(['\u{1b}', '\u{7}']));
    }
}

#[test]
fn a_word_is_explained_by_itself() {
    serveup("levels late -f table")
        .stdout("late: a signal that speaks for basic\n\n  means  it came later than agreed or than is normal\n")
        .run();
    let late = serde_json::json!([{
        "word": "late", "is": "signal", "label": null, "level": "basic", "category": null,
        "means": "it came later than agreed or than is normal",
    }]);
    serveup("levels late -f json").json(late).run();
    let row = "word\tis\tlabel\tlevel\tcategory\tmeans\n";
    serveup("levels time").stdout(format!("{row}time\tkind\t\t\tquantified\t{}\n", means("time"))).run();
    serveup("levels emotional").stdout_has("emotional\tcategory\temotional\t\temotional\t").run();
    serveup("levels blame").stdout_has("blame\tresponse\t").run();
    let level = serveup("levels Desired -f table").any_stdout().run().stdout;
    let whole = serveup("levels -f table").any_stdout().run().stdout;
    let lines: Vec<&str> = level.lines().skip(2).collect();
    assert!(level.starts_with("desired: a level\n\n4 desired (top half)\n"), "{level}");
    assert!(whole.contains(&lines.join("\n")), "{level}");
}

fn means(word: &str) -> String {
    Model::shipped().meanings(word).expect("a word")[0].means.clone()
}

#[test]
fn every_word_of_the_rules_has_its_meaning() {
    let model = Model::shipped();
    let document: Value = serde_json::from_str(&serveup("levels -f json").any_stdout().run().stdout).expect("rules");
    let names = |list: &str, name: &str| {
        let rows = document[list].as_array().expect("a list").iter();
        rows.map(|row| (row[name].as_str().expect("a name").to_owned(), row["means"].clone())).collect::<Vec<_>>()
    };
    let kinds = document["value"].as_array().expect("categories").iter().filter_map(|row| row["kinds"].as_array());
    let kinds = kinds.flatten().map(|kind| (kind["kind"].as_str().expect("a kind").to_owned(), kind["means"].clone()));
    let rest = [("levels", "level"), ("signals", "signal"), ("value", "category"), ("response", "rung")];
    let all: Vec<_> = kinds.chain(rest.into_iter().flat_map(|(list, name)| names(list, name))).collect();
    assert!(all.len() > 40, "{}", all.len());
    for (word, means) in all {
        let meanings = model.meanings(&word).expect("a word");
        assert!(meanings.iter().any(|meaning| means == meaning.means.as_str()), "{word}");
    }
}

#[test]
fn a_word_is_one_of_the_rules_in_force_and_may_mean_several_things() {
    let own = "[[levels]]\nname = \"surprising\"\n[levels.signals]\ncard = \"a card came\"\n[[value]]\ncategory = \"emotional\"\n\
               [value.kinds]\ncard = \"something to keep\"\n";
    let ran = serveup("levels card -f table --levels own.toml").file("own.toml", own);
    ran.stdout(
        "card: a signal that speaks for surprising\n\n  means  a card came\n\n\
         card: a kind of value, emotional\n\n  means  something to keep\n",
    )
    .run();
    // labels are words, too
    let german = serveup("levels DÜRFTIG -f table --levels own.toml").file("own.toml", GERMAN);
    german.stdout_has("dürftig (basic): a level\n\n2 dürftig (bottom half)\n").run();
}

#[test]
fn a_word_that_the_rules_do_not_have_is_refused() {
    let told = "serveup: unknown word \"lat\"; did you mean \"late\"?\n";
    serveup("levels lat").status(2).stderr(told).run();
    serveup("levels fluffy").status(2).stderr("serveup: unknown word \"fluffy\"; `serveup levels` lists them\n").run();
    serveup("levels late --check x").status(2).stderr_has("cannot be used with").run();
}
