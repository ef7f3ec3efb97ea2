//! Levels files: what is refused, with line, column and reason; what is taken,
//! and what it changes; and that every shipped signal is worth its level.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serveup::{
    Category, Instant, Level, Model, Reason, Record, RecordValue, Rung, SHIPPED, SignalId, Unnamed, ValueId, rate_all,
};

/// Refused with exactly this: `line:column: reason`.
#[track_caller]
fn refused(text: &str, message: &str) {
    match Model::with_overlay(text) {
        Ok(_) => panic!("taken, should be refused with {message}\n{text}"),
        Err(error) => assert_eq!(error.to_string(), message, "\n{text}"),
    }
}

/// Refused by the TOML reader, at this place and with these words among its own.
#[track_caller]
fn refused_in(text: &str, place: (usize, usize), words: &[&str]) {
    let error = Model::with_overlay(text).expect_err(text);
    assert_eq!((error.line, error.column), place, "{error}\n{text}");
    assert!(words.iter().all(|word| error.reason.contains(word)), "{words:?} in {error}\n{text}");
    assert!(!error.reason.contains('\n'), "one line: {error}");
}

#[track_caller]
fn taken(text: &str) -> Model {
    Model::with_overlay(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The level and the reason of one moment with these signals and values.
fn rated(model: &Model, signals: &[&str], values: &[&str]) -> (Level, Reason) {
    let texts = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let value = (!values.is_empty()).then(|| texts(values).into_iter().map(RecordValue::from).collect());
    let record = Record { signals: texts(signals), value, ..Record::new("acme", "desk") };
    let rating = &rate_all(model, [&record]).unwrap()[0];
    (rating.assessment.level, rating.assessment.reason)
}

// ── refused ──────────────────────────────────────────────────────────────────

#[test]
fn an_unknown_key_is_refused_wherever_it_stands() {
    let cases: [(&str, (usize, usize), &str); 10] = [
        ("colour = 'red'\n", (1, 1), "`colour`"),
        ("[[levels]]\nname = 'basic'\ncolor = 'red'\n", (3, 1), "`color`"),
        ("[[levels]]\nname = 'basic'\n[levels.signal]\nslow = 'x'\n", (3, 9), "`signal`"),
        ("[[value]]\ncategory = 'emotional'\nkind = 'calm'\n", (3, 1), "`kind`"),
        ("[escalator]\nmemory = 7\n", (2, 1), "`memory`"),
        ("[[market]]\nact = 'a'\nsince = 2020-01-01\nlevel = 'basic'\nuntil = 2021-01-01\n", (5, 1), "`until`"),
        ("[[response]]\nrung = 'blame'\nhelp = true\n", (3, 1), "`help`"),
        ("[[journey]]\nname = 'a'\nsteps = ['p']\n", (3, 1), "`steps`"),
        ("[loyalty]\nlast = 3\n", (2, 1), "`last`"),
        ("[enough]\npeople = 3\n", (2, 1), "`people`"),
    ];
    for (text, place, key) in cases {
        refused_in(text, place, &["unknown", key, "expected"]);
    }
}

#[test]
fn a_signal_on_two_levels_in_one_file_is_refused_with_both_places() {
    refused(
        "[[levels]]\nname = 'basic'\n[levels.signals]\nslow = 'x'\n\n\
         [[levels]]\nname = 'criminal'\n[levels.signals]\nrude = 'y'\n  slow = 'y'\n",
        "10:3: signal \"slow\" is given twice, here and on line 4; keep one",
    );
    // a shipped one as well
    refused(
        "[[levels]]\nname = 'basic'\nsignals = { late = 'x' }\n[[levels]]\nname = 'criminal'\nsignals = { late = 'y' }\n",
        "6:13: signal \"late\" is given twice, here and on line 3; keep one",
    );
    refused_in("[[levels]]\nname = 'basic'\n[levels.signals]\nslow = 'x'\nslow = 'y'\n", (5, 1), &["duplicate key"]);
}

#[test]
fn there_are_six_levels_and_no_other() {
    let allowed = "criminal, basic, expected, desired, surprising or unbelievable";
    refused("[[levels]]\nname = 'legendary'\n", &format!("2:8: name: unknown level \"legendary\"; write {allowed}"));
    refused("[[levels]]\nname = 'Basic'\n", "2:8: name: unknown level \"Basic\"; did you mean \"basic\"?");
    refused(
        "[[levels]]\nname = 'basic'\n[[levels]]\nname = 'desired'\n[[levels]]\nname = 'basic'\n",
        "6:8: level \"basic\" is given twice, here and on line 2; keep one",
    );
    refused_in("# which?\n[[levels]]\nlabel = 'x'\n", (2, 1), &["missing", "`name`"]);
}

#[test]
fn a_journey_has_a_name_and_steps_each_once() {
    let journey = |name: &str, path: &str| format!("[[journey]]\nname = {name}\npath = {path}\n");
    refused(&journey("''", "['p']"), "2:8: name: is empty; write what the records call this journey");
    refused(&journey("'shoes'", "[]"), "3:8: path: is empty; write one step or more, like \"purchase/pick-up\"");
    let allowed = "write transaction/point or point, like purchase/pick-up";
    refused(&journey("'shoes'", "['a/b', '']"), &format!("3:16: path: cannot use \"\"; {allowed}"));
    for step in ["/", "a/", "/b", "a//b"] {
        let message = format!("3:9: path: cannot use \"{step}\"; {allowed}");
        refused(&journey("'shoes'", &format!("['{step}']")), &message);
    }
    refused(
        &journey("'shoes'", "[\n  'a/b',\n  'c',\n  'a/b',\n]"),
        "6:3: step \"a/b\" is given twice, here and on line 4; keep one",
    );
    let (one, other) = (journey("'shoes'", "['a']"), journey("'hats'", "['a']"));
    refused(&format!("{one}{other}{one}"), "8:8: journey \"shoes\" is given twice, here and on line 2; keep one");
    refused_in("[[journey]]\nname = 'shoes'\n", (1, 1), &["missing", "`path`"]);
    refused_in("[[journey]]\npath = ['a']\n", (1, 1), &["missing", "`name`"]);
    refused_in("[[journey]]\nname = 'shoes'\npath = 'a'\n", (3, 8), &["sequence"]);
}

#[test]
fn a_journey_is_taken_as_it_is_laid_out() {
    assert!(Model::shipped().journeys().is_empty(), "none ships with the program");
    let model = taken("[[journey]]\nname = 'shoes'\npath = ['purchase/pick-up', 'farewell', 'a/b/c']\n");
    let plan = &model.journeys()[0];
    let steps: Vec<_> = plan.steps.iter().map(|step| (step.path(), step.transaction(), step.written())).collect();
    assert_eq!(plan.name, "shoes");
    let wanted = [
        ("shoes/purchase/pick-up", Some("purchase"), "purchase/pick-up"),
        ("shoes/farewell", None, "farewell"),
        ("shoes/a/b/c", Some("a/b"), "a/b/c"),
    ];
    assert_eq!(steps, wanted);
}

#[test]
fn lasts_is_one_or_more_and_not_for_the_levels_acts_rest_on() {
    for number in ["0", "-1", "4294967296"] {
        refused(
            &format!("[[levels]]\nname = 'desired'\nlasts = {number}\n"),
            &format!("3:9: lasts: is {number}; write a whole number from 1 to 4294967295"),
        );
    }
    for level in ["basic", "criminal"] {
        for number in ["1", "0"] {
            refused(
                &format!("[[levels]]\nname = '{level}'\nlasts = {number}\n"),
                &format!("3:9: lasts: acts rest on {level} for good; leave it out, or use it from expected up"),
            );
        }
    }
}

#[test]
fn the_market_makes_no_act_criminal() {
    refused(
        "[[market]]\nact = 'a'\nsince = 2020-01-01\nlevel = 'criminal'\n",
        "4:9: level: a market never makes an act criminal; write basic or better",
    );
    refused(
        "[[market]]\nact = 'a'\nsince = 2020-01-01\nlevel = 'cheap'\n",
        "4:9: level: unknown level \"cheap\"; write criminal, basic, expected, desired, surprising or unbelievable",
    );
}

#[test]
fn the_signals_the_rules_use_cannot_move() {
    for (signal, stays) in
        [("omitted", Level::Expected), ("preferred-way", Level::Desired), ("preference-missed", Level::Expected)]
    {
        for level in Level::ALL {
            let text = format!("[[levels]]\nname = '{level}'\n[levels.signals]\n{signal} = 'as we say'\n");
            if level == stays {
                let model = taken(&text);
                assert_eq!(model.signals()[model.signal(signal).unwrap().index()].means, "as we say");
            } else {
                refused(
                    &text,
                    &format!(
                        "4:1: signal \"{signal}\" cannot move to {level}, because the rules use it; leave it on {stays}"
                    ),
                );
            }
        }
    }
}

#[test]
fn a_kind_belongs_to_one_category() {
    refused(
        "[[value]]\ncategory = 'emotional'\nkinds = { calm = 'x', money = 'x' }\n",
        "3:23: kind \"money\" is already quantified; keep it in one category",
    );
    refused(
        "[[value]]\ncategory = 'emotional'\n[value.kinds]\ncalm = 'x'\n\
         [[value]]\ncategory = 'relational'\n[value.kinds]\ncalm = 'x'\n",
        "8:1: kind \"calm\" is given twice, here and on line 4; keep one",
    );
    refused(
        "[[value]]\ncategory = 'emotional'\nkinds = { quantified = 'x' }\n",
        "3:11: kind \"quantified\" has the name of a category; choose another",
    );
}

#[test]
fn a_category_a_market_row_or_a_rung_stands_once() {
    refused(
        "[[value]]\ncategory = 'emotional'\n[[value]]\ncategory = 'emotional'\n",
        "4:12: category \"emotional\" is given twice, here and on line 2; keep one",
    );
    refused(
        "[[value]]\ncategory = 'spiritual'\n",
        "2:12: category: unknown category \"spiritual\"; write quantified, emotional, relational or existential",
    );
    // a date and the same date as text are the same date
    refused(
        "[[market]]\nact = 'a'\nsince = 2020-01-01\nlevel = 'basic'\n\n\
         [[market]]\nact = 'a'\nsince = '2020-01-01'\nlevel = 'expected'\n",
        "7:7: market row \"a since 2020-01-01\" is given twice, here and on line 2; keep one",
    );
    refused(
        "[[response]]\nrung = 'blame'\n[[response]]\nrung = 'blame'\n",
        "4:8: rung \"blame\" is given twice, here and on line 2; keep one",
    );
    refused(
        "[[response]]\nrung = 'anger'\n",
        "2:8: rung: unknown rung \"anger\"; write blame, shame, justify or responsibility",
    );
}

/// So many entries of a table.
fn own_names(count: usize) -> String {
    (1..=count).map(|number| format!("own-{number} = 'x'\n")).collect::<Vec<_>>().concat()
}

/// A level with so many signals of its own.
fn with_signals(count: usize) -> String {
    let own = own_names(count);
    format!("[[levels]]\nname = 'basic'\n[levels.signals]\n{own}")
}

#[test]
fn there_are_128_signals_at_most() {
    let shipped = Model::shipped().signals().len();
    let free = SignalId::MAX - shipped;
    assert_eq!(SignalId::MAX, 128);
    assert_eq!(taken(&with_signals(free)).signals().len(), 128);
    let line = 3 + free + 1;
    let name = format!("own-{}", free + 1);
    refused(&with_signals(free + 1), &format!("{line}:1: signal \"{name}\" is one too many; keep 128 in all"));
    // the last one works like the first
    let model = taken(&with_signals(free));
    assert_eq!(rated(&model, &[&format!("own-{free}")], &[]), (Level::Basic, Reason::Facts));
    // moving one is not adding one
    let full = with_signals(free) + "[[levels]]\nname = 'criminal'\n[levels.signals]\nlate = 'x'\n";
    assert_eq!(rated(&taken(&full), &["late"], &[]), (Level::Criminal, Reason::Facts));
}

#[test]
fn there_are_124_kinds_of_value_at_most() {
    let free = ValueId::MAX_KINDS - Model::shipped().kinds().len();
    let with = |count: usize| {
        let own = own_names(count);
        format!("[[value]]\ncategory = 'existential'\n[value.kinds]\n{own}")
    };
    let model = taken(&with(free));
    assert_eq!(rated(&model, &["unexpected"], &[&format!("own-{free}")]), (Level::Surprising, Reason::Facts));
    let message = format!("{}:1: kind \"own-{}\" is one too many; keep 124 in all", free + 4, free + 1);
    refused(&with(free + 1), &message);
}

#[test]
fn names_hold_no_blanks_and_no_semicolons() {
    for name in ["too slow", "a;b", "", " late", "{x", "[x", "a\u{a0}b"] {
        let form = "write a name without blanks and ; like handwritten-card";
        refused(
            &format!("[[levels]]\nname = 'basic'\n[levels.signals]\n'{name}' = 'x'\n"),
            &format!("4:1: signal: cannot use \"{name}\"; {form}"),
        );
        refused(
            &format!("[[value]]\ncategory = 'emotional'\n[value.kinds]\n'{name}' = 'x'\n"),
            &format!("4:1: kind: cannot use \"{name}\"; {form}"),
        );
    }
}

#[test]
fn labels_say_something_on_one_line() {
    let allowed = "write one line of text, without ;";
    refused("[[levels]]\nname = 'desired'\nlabel = ''\n", &format!("3:9: label: cannot use \"\"; {allowed}"));
    refused("[[value]]\ncategory = 'emotional'\nlabel = ' '\n", &format!("3:9: label: cannot use \" \"; {allowed}"));
    refused(
        "[[response]]\nrung = 'blame'\nlabel = \"a\\tb\"\n",
        &format!("3:9: label: cannot use \"a\\u{{9}}b\"; {allowed}"),
    );
    refused("[[levels]]\nname = 'desired'\nlabel = 'a;b'\n", &format!("3:9: label: cannot use \"a;b\"; {allowed}"));
}

#[test]
fn settings_have_their_words_and_numbers() {
    let levels = "criminal, basic, expected, desired, surprising or unbelievable";
    refused("[escalator]\nfrom = 'good'\n", &format!("2:8: from: unknown level \"good\"; write {levels}"));
    refused("[escalator]\nunnamed = 'path'\n", "2:11: unnamed: unknown setting \"path\"; write off or point");
    for (table, key) in
        [("escalator", "memory_days"), ("loyalty", "recent"), ("enough", "interactions"), ("enough", "recipients")]
    {
        let column = key.len() + 4;
        for number in ["0", "-5", "4294967296"] {
            refused(
                &format!("[{table}]\n{key} = {number}\n"),
                &format!("2:{column}: {key}: is {number}; write a whole number from 1 to 4294967295"),
            );
        }
    }
}

#[test]
fn a_market_row_needs_an_act_a_date_and_a_level() {
    let row = |since: &str| format!("[[market]]\nact = 'a'\nsince = {since}\nlevel = 'basic'\n");
    for found in ["2020-02-30", "lately", "2020-1-5", "", "2020-01-01T10:00:00Z", "05.01.2020"] {
        let message = format!("3:9: since: cannot use \"{found}\"; write a date like 2026-01-05");
        refused(&row(&format!("'{found}'")), &message);
    }
    // an instant is no date, a time of day is none, and a year is a number
    refused_in(&row("2020-01-01T10:00:00Z"), (3, 9), &["since: cannot use", "write a date like 2026-01-05"]);
    refused_in(&row("10:00:00"), (3, 9), &["since: cannot use", "write a date like 2026-01-05"]);
    refused_in(&row("2020"), (3, 9), &["since: cannot use", "\"2020\"", "write a date like 2026-01-05"]);
    refused_in(&row("2020-02-30"), (3, 9), &["date"]);
    refused(
        "[[market]]\nact = ''\nsince = 2020-01-01\nlevel = 'basic'\n",
        "2:7: act: is empty; write the name of an act",
    );
    let whole = ["act = 'a'\n", "since = 2020-01-01\n", "level = 'basic'\n"];
    for (left_out, key) in ["`act`", "`since`", "`level`"].into_iter().enumerate() {
        let lines = whole.iter().enumerate().filter(|(place, _)| *place != left_out).map(|(_, line)| *line);
        let text = format!("[[market]]\n{}", lines.collect::<String>());
        refused_in(&text, (1, 1), &["missing", key]);
    }
}

#[test]
fn what_is_not_toml_is_refused_where_it_breaks() {
    refused_in("[[levels]\nname = 'basic'\n", (1, 10), &["]"]);
    refused_in("[escalator]\nfrom = desired\n", (2, 8), &["quoted"]);
    refused_in("[escalator]\nfrom = 'desired\n", (2, 16), &["'"]);
    refused_in("# fine\n[escalator]\nfrom = 'desired'\nfrom = 'basic'\n", (4, 1), &["duplicate key"]);
    refused_in("[escalator]\nfrom = 'desired'; unnamed = 'off'\n", (2, 17), &[]);
    refused_in("{\"escalator\": {}}\n", (1, 1), &[]);
}

#[test]
fn what_is_of_the_wrong_type_is_refused_where_it_stands() {
    refused_in("levels = 3\n", (1, 10), &["invalid type", "integer `3`"]);
    refused_in("\n[levels]\nname = 'basic'\n", (2, 1), &["invalid type", "map"]);
    refused_in("escalator = 'off'\n", (1, 13), &["invalid type", "\"off\""]);
    refused_in("[[levels]]\nname = 3\n", (2, 8), &["invalid type", "expected a string"]);
    refused_in("[[levels]]\nname = 'desired'\nlasts = 'two'\n", (3, 9), &["invalid type", "\"two\""]);
    refused_in("[[levels]]\nname = 'desired'\nlasts = 1.5\n", (3, 9), &["invalid type", "1.5"]);
    refused_in("[[levels]]\nname = 'desired'\nneeds_value = 'yes'\n", (3, 15), &["invalid type", "a boolean"]);
    refused_in("[[levels]]\nname = 'basic'\nsignals = ['slow']\n", (3, 11), &["invalid type", "a map"]);
    refused_in("[[levels]]\nname = 'basic'\n[levels.signals]\nslow = 3\n", (4, 8), &["invalid type", "a string"]);
    refused_in("[escalator]\nmemory_days = 1.5\n", (2, 15), &["invalid type", "1.5"]);
    refused_in("[[response]]\nrung = 'blame'\nhelps = 1\n", (3, 9), &["invalid type", "a boolean"]);
}

#[test]
fn columns_count_characters_and_lines_count_in_any_file() {
    let line = "value = [{ category = 'emotional', label = 'émotion', kinds = { money = 'x' } }]\n";
    let column = line[..line.find("money").unwrap()].chars().count() + 1;
    refused(line, &format!("1:{column}: kind \"money\" is already quantified; keep it in one category"));
    let reason = "memory_days: is 0; write a whole number from 1 to 4294967295";
    refused("[escalator]\r\nmemory_days = 0\r\n", &format!("2:15: {reason}"));
    refused("\u{feff}[escalator]\nmemory_days = 0\n", &format!("2:15: {reason}"));
    refused(&format!("{SHIPPED}\n[[market]]\nact = ''\nsince = 2020-01-01\nlevel = 'basic'\n"), &{
        let line = SHIPPED.lines().count() + 3;
        format!("{line}:7: act: is empty; write the name of an act")
    });
}

// ── taken ────────────────────────────────────────────────────────────────────

#[test]
fn a_label_alone_changes_what_people_read_and_nothing_else() {
    let (shipped, model) = (Model::shipped(), taken("[[levels]]\nname = 'basic'\nlabel = 'minimal'\n"));
    for level in Level::ALL {
        let expected = if level == Level::Basic { "minimal" } else { shipped.label(level) };
        assert_eq!(model.label(level), expected);
        assert_eq!(model.level(level).means, shipped.level(level).means);
        assert_eq!(model.level(level).lasts, shipped.level(level).lasts);
    }
    assert_eq!(model.signals(), shipped.signals());
    assert_eq!(Level::Basic.name(), "basic");
}

#[test]
fn each_text_of_an_entry_changes_alone() {
    let model = taken(
        "[[levels]]\nname = 'desired'\nmeans = 'as they like'\n[[levels]]\nname = 'basic'\nstep_up = 'smile'\n\
         [[value]]\ncategory = 'emotional'\nlabel = 'felt'\n[[value]]\ncategory = 'existential'\nmeans = 'for life'\n\
         [[response]]\nrung = 'justify'\nlabel = 'excuse'\nhelps = true\n[[response]]\nrung = 'shame'\nmeans = 'oh no'\n",
    );
    let shipped = Model::shipped();
    assert_eq!((model.level(Level::Desired).means.as_str(), model.label(Level::Desired)), ("as they like", "desired"));
    assert_eq!(model.level(Level::Desired).step_up, shipped.level(Level::Desired).step_up);
    assert_eq!(model.level(Level::Basic).step_up, "smile");
    assert_eq!(model.category(Category::Emotional).label, "felt");
    assert_eq!(model.category(Category::Emotional).means, shipped.category(Category::Emotional).means);
    assert_eq!(model.category(Category::Existential).means, "for life");
    assert_eq!((model.rung(Rung::Justify).label.as_str(), model.rung(Rung::Justify).helps), ("excuse", true));
    assert_eq!(model.rung(Rung::Justify).means, shipped.rung(Rung::Justify).means);
    assert_eq!((model.rung(Rung::Shame).means.as_str(), model.rung(Rung::Shame).helps), ("oh no", false));
    assert_eq!(model.kinds(), shipped.kinds());
    assert_eq!(model.escalator(), shipped.escalator());
}

#[test]
fn a_signal_of_ones_own_speaks_for_the_level_it_stands_under() {
    for level in Level::ALL {
        let text = format!("[[levels]]\nname = '{level}'\n[levels.signals]\nhandwritten-card = 'by hand'\n");
        let model = taken(&text);
        assert_eq!(rated(&model, &["handwritten-card"], &["time"]), (level, Reason::Facts));
        assert_eq!(model.signals().len(), Model::shipped().signals().len() + 1);
    }
}

#[test]
fn a_shipped_signal_named_under_another_level_moves_there() {
    let model = taken("[[levels]]\nname = 'criminal'\n[levels.signals]\nlate = 'late is a broken promise here'\n");
    assert_eq!(rated(&model, &["late"], &[]), (Level::Criminal, Reason::Facts));
    let id = model.signal("late").unwrap();
    assert_eq!(model.signals()[id.index()].means, "late is a broken promise here");
    assert!(model.signals_of(Level::Criminal).contains(id) && !model.signals_of(Level::Basic).contains(id));
    assert_eq!(model.signals().len(), Model::shipped().signals().len());
    // to a level that needs value, and away from one
    let model = taken(
        "[[levels]]\nname = 'surprising'\n[levels.signals]\nas-hoped = 'x'\n\
         [[levels]]\nname = 'desired'\n[levels.signals]\nastonishing = 'x'\n",
    );
    assert_eq!(rated(&model, &["as-hoped"], &[]), (Level::Expected, Reason::Facts));
    assert_eq!(rated(&model, &["as-hoped"], &["time"]), (Level::Surprising, Reason::Facts));
    assert_eq!(rated(&model, &["astonishing"], &[]), (Level::Desired, Reason::Facts));
}

#[test]
fn a_market_date_is_a_date_or_the_same_as_text() {
    let row = |since: &str| taken(&format!("[[market]]\nact = 'a b; c'\nsince = {since}\nlevel = 'desired'\n"));
    assert_eq!(row("2019-01-01"), row("'2019-01-01'"));
    let model = row("2019-01-01");
    let market = |at: &str| model.market("a b; c", Instant::parse(at, None).unwrap());
    assert_eq!(market("2018-12-31T23:59:59.999999Z"), None);
    assert_eq!(market("2019-01-01T00:00:00Z"), Some(Level::Desired));
    assert_eq!(market("2026-01-01"), Some(Level::Desired));
    assert_eq!(model.market("a", Instant::parse("2026-01-01", None).unwrap()), None);
}

#[test]
fn the_newest_market_row_counts_whatever_the_order_of_the_rows() {
    let row = |since: &str, level: &str| format!("[[market]]\nact = 'a'\nsince = {since}\nlevel = '{level}'\n");
    let rows = [row("2019-01-01", "desired"), row("2021-01-01", "basic"), row("2020-01-01", "expected")];
    let other = "[[market]]\nact = 'b'\nsince = 2019-01-01\nlevel = 'unbelievable'\n";
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let model = taken(&(order.map(|place: usize| rows[place].as_str()).concat() + other));
        let market = |act: &str, at: &str| model.market(act, Instant::parse(at, None).unwrap());
        let by_year = ["2018-06-01", "2019-06-01", "2020-06-01", "2021-06-01"].map(|at| market("a", at));
        assert_eq!(by_year, [None, Some(Level::Desired), Some(Level::Expected), Some(Level::Basic)]);
        assert_eq!(market("b", "2026-01-01"), Some(Level::Unbelievable));
        assert_eq!(model.market_rows().len(), 4);
    }
}

#[test]
fn more_kinds_belong_to_their_category() {
    let model = taken(
        "[[value]]\ncategory = 'emotional'\n[value.kinds]\nface-saved = 'kept face'\nfelt-good = 'felt better'\n\
         [[value]]\ncategory = 'quantified'\nkinds = { space = 'more room' }\n",
    );
    let kinds = model.kinds().iter().map(|kind| (kind.name.as_str(), kind.category)).collect::<Vec<_>>();
    assert!(kinds.ends_with(&[("face-saved", Category::Emotional), ("space", Category::Quantified)]), "{kinds:?}");
    assert_eq!(kinds.len(), Model::shipped().kinds().len() + 2);
    let meaning = |name: &str| model.kinds().iter().find(|kind| kind.name == name).map(|kind| kind.means.as_str());
    assert_eq!(meaning("felt-good"), Some("felt better"));
    assert_eq!(rated(&model, &["unexpected"], &["face-saved"]), (Level::Surprising, Reason::Facts));
    assert_eq!(model.category_of(model.value("space").unwrap()), Category::Quantified);
}

#[test]
fn settings_change_one_by_one() {
    let shipped = Model::shipped().escalator();
    assert_eq!((shipped.from, shipped.unnamed, shipped.memory), (Level::Surprising, Unnamed::Off, None));
    let from = taken("[escalator]\nfrom = 'desired'\n").escalator();
    assert_eq!((from.from, from.unnamed, from.memory), (Level::Desired, Unnamed::Off, None));
    let unnamed = taken("[escalator]\nunnamed = 'point'\n").escalator();
    assert_eq!((unnamed.from, unnamed.unnamed, unnamed.memory), (Level::Surprising, Unnamed::Point, None));
    let memory = taken("[escalator]\nmemory_days = 30\n").escalator().memory.unwrap();
    assert_eq!((memory.get(), memory.micros()), (30, 30 * 24 * 3600 * 1_000_000));
    let lasts = taken("[[levels]]\nname = 'desired'\nlasts = 3\n");
    let of = |model: &Model| Level::ALL.map(|level| model.level(level).lasts.map(serveup::Lasts::get));
    assert_eq!(of(&lasts), [None, None, Some(1), Some(3), Some(1), Some(1)]);
    assert_eq!(of(&Model::shipped()), [None, None, Some(1), Some(1), Some(1), Some(1)]);
    let needs = taken("[[levels]]\nname = 'surprising'\nneeds_value = false\n");
    let of = |model: &Model| Level::ALL.map(|level| model.level(level).needs_value);
    assert_eq!(of(&needs), [false, false, false, false, false, true]);
    assert_eq!(of(&Model::shipped()), [false, false, false, false, true, true]);
    let model = taken("[loyalty]\nrecent = 5\n[enough]\ninteractions = 20\n");
    let enough = (model.enough().interactions.get(), model.enough().recipients.get());
    assert_eq!((model.recent().get(), enough), (5, (20, 5)));
    let enough = Model::shipped().enough();
    assert_eq!((Model::shipped().recent().get(), enough.interactions.get(), enough.recipients.get()), (3, 10, 5));
}

// ── complete ─────────────────────────────────────────────────────────────────

/// The shipped signals by level, as the rules list them (rule §2).
const SIGNALS: [(Level, &[&str]); 6] = [
    (Level::Criminal, &["promise-broken", "minimum-violated", "unresolved"]),
    (
        Level::Basic,
        &["late", "incomplete", "inaccurate", "impolite", "unexplained", "chased", "unwelcome", "hard-to-use"],
    ),
    (Level::Expected, &["as-agreed", "on-time", "omitted", "preference-missed"]),
    (Level::Desired, &["preferred-way", "as-hoped", "forewarned"]),
    (Level::Surprising, &["unexpected"]),
    (Level::Unbelievable, &["astonishing", "story-told"]),
];

#[test]
fn every_shipped_signal_alone_is_worth_exactly_its_level() {
    let model = Model::shipped();
    let mut tried = Vec::new();
    for (level, names) in SIGNALS {
        for &name in names {
            assert_eq!(rated(&model, &[name], &["time"]), (level, Reason::Facts), "{name} with value");
            let alone = if level >= Level::Surprising { Level::BASELINE } else { level };
            assert_eq!(rated(&model, &[name], &[]), (alone, Reason::Facts), "{name} alone");
            tried.push(name);
        }
    }
    let shipped: Vec<_> = model.signals().iter().map(|signal| signal.name.as_str()).collect();
    assert_eq!(tried, shipped, "every shipped signal is tried, and none but those");
    assert!(model.signals().iter().all(|signal| !signal.means.is_empty()));
}

#[test]
fn every_shipped_kind_alone_opens_the_way_for_a_surprise() {
    let model = Model::shipped();
    let kinds: [(Category, &[&str]); 4] = [
        (Category::Quantified, &["money", "time"]),
        (Category::Emotional, &["understood", "felt-good", "anxiety-reduced"]),
        (Category::Relational, &["connected-to-people", "connected-to-provider"]),
        (Category::Existential, &["purpose", "direction"]),
    ];
    let mut tried: Vec<&str> = Category::NAMES.to_vec();
    for (category, names) in kinds {
        assert_eq!(rated(&model, &["unexpected"], &[category.name()]), (Level::Surprising, Reason::Facts));
        for &name in names {
            assert_eq!(rated(&model, &["unexpected"], &[name]), (Level::Surprising, Reason::Facts), "{name}");
            assert_eq!(model.category_of(model.value(name).unwrap()), category, "{name}");
            tried.push(name);
        }
    }
    assert_eq!(model.value_names().collect::<Vec<_>>(), tried);
}

#[test]
fn the_ladder_of_responses_has_one_rung_above_the_line() {
    let model = Model::shipped();
    let helps = Rung::ALL.map(|rung| (rung.name(), model.rung(rung).helps));
    assert_eq!(helps, [("blame", false), ("shame", false), ("justify", false), ("responsibility", true)]);
}
