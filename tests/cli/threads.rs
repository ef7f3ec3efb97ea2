//! The same answer whatever the number of threads. What tests run cuts inputs
//! into pieces of half a kilobyte, so that small inputs have many of them.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::harness::serveup;

/// Records in time order, some of them with what makes it hard to see where one ends.
fn records(seeds: &[u32]) -> Vec<String> {
    let record = |(index, seed): (usize, &u32)| {
        let mut record = format!(
            "{{\"id\":\"r{index}\",\"at\":\"2026-01-05T{:02}:{:02}:00Z\",\"recipient\":\"c{}\",\"point\":\"p{}\"",
            index / 60 % 24,
            index % 60,
            seed % 5,
            seed % 3
        );
        if seed % 2 == 0 {
            let _ =
                write!(record, ",\"action\":\"act {}\",\"signals\":[\"unexpected\"],\"value\":[\"time\"]", seed % 4);
        }
        // texts in which the ends of records seem to stand, escapes, and characters of several bytes
        record.push_str(match seed % 11 {
            0 => ",\"said\":\"a } , { \\\" and \\n {\"",
            1 => ",\"said\":\"},{\",\"channel\":\"日本語\"",
            2 if seed % 2 == 1 => ",\"value\":[{\"kind\":\"money\",\"amount\":1.5},{\"kind\":\"time\",\"amount\":2}]",
            3 => ",\"mood\":\"unknown field\"",
            _ => "",
        });
        record + "}"
    };
    seeds.iter().enumerate().map(record).collect()
}

/// The records as one text: lines, objects over several lines, a list with and without line breaks,
/// files joined with their marks, a document.
fn laid_out(records: &[String], layout: usize) -> String {
    match layout {
        0 => records.join("\n") + "\n",
        1 => records.join("\n\n").replace(",\"point\"", ",\n  \"point\""),
        2 => format!("[{}]", records.join(",")),
        3 => format!("[\n{}\n]\n", records.join(",\n")),
        4 => records.chunks(7).map(|file| file.join("\n") + "\n").collect::<Vec<_>>().join("\u{feff}"),
        _ => format!("{{\"interactions\": [{}], \"recipients\": []}}", records.join(" , ")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn threads_change_nothing(
        seeds in proptest::collection::vec(0_u32..1000, 1..120),
        layout in 0_usize..6,
        wrong in proptest::option::of((0_usize..120, 0_usize..4)),
        format in proptest::sample::select(vec!["tsv", "json", "jsonl", "csv"]),
    ) {
        let mut records = records(&seeds);
        if let Some((place, kind)) = wrong {
            let place = place % records.len();
            records[place] = match kind {
                0 => records[place].replace("\"point\"", "\"pint\""),
                1 => records[0].clone(),
                2 => "7".to_owned(),
                _ => records[place].replace("\"recipient\":", "\"recipient\":,"),
            };
        }
        let text = laid_out(&records, layout);
        let run = |flags: &str| {
            let run = serveup(&format!("rate in -f {format} --keep-going {flags}")).file("in", &text);
            let output = run.command().output().expect("the program runs");
            let told = String::from_utf8_lossy(&output.stderr).into_owned();
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), told)
        };
        let in_order = run("--in-order --threads 1");
        for threads in [1, 2, 5] {
            prop_assert_eq!(&run(&format!("--in-order --threads {threads}")), &in_order);
            let ahead = run(&format!("--threads {threads}"));
            prop_assert_eq!(&ahead.0, &in_order.0);
            prop_assert_eq!(&ahead.1, &in_order.1);
            let lines = |told: &str| {
                let told = told.replace(" (0 rows printed before)", "");
                let mut lines: Vec<_> = told.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            // notes may come in another order, as rows that leave at once leave before them
            prop_assert_eq!(lines(&ahead.2), lines(&in_order.2));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn threads_change_no_report(
        seeds in proptest::collection::vec(0_u32..1000, 1..120),
        layout in 0_usize..6,
        report in proptest::sample::select(vec![
            "journey", "journey --by point,action", "journey --by recipient", "uplift --period day", "uplift --period day --by recipient",
            "recovery", "recovery --by signal,point --link-within 9", "next", "calibrate", "decay",
        ]),
    ) {
        let text = laid_out(&records(&seeds), layout);
        let run = |threads: &str| {
            let run = serveup(&format!("{report} in -f json {threads}")).file("in", &text);
            let output = run.command().output().expect("the program runs");
            (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let one = run("--threads 1");
        for threads in ["--threads 2", "--threads 5"] {
            prop_assert_eq!(&run(threads), &one);
        }
    }
}

/// So many that threads make several parts of a table, and look for its widths in several.
#[test]
fn threads_change_no_long_table() {
    // the widest names and spans are among the last; some of all failures are recovered, by name or the next time
    let record = |index: usize| {
        let (recipient, day) =
            (if index == 69_000 { "longest".to_owned() } else { format!("c{}", index / 2) }, index / 2_500);
        let mut record = format!(
            "{{\"id\":\"r{index}\",\"at\":\"2026-01-{:02}T{:02}:00:00Z\",\"recipient\":\"{recipient}\",\"point\":\"p\"",
            day + 1,
            index / 105 % 24
        );
        match index % 9 {
            0 => record.push_str(",\"signals\":[\"unexpected\"],\"value\":[\"time\"],\"action\":\"a card\""),
            8 if index > 68_000 => record += &format!(",\"recovers\":\"r{}\"", index - 60_001),
            _ => record.push_str(",\"signals\":[\"late\"]"),
        }
        record + "}\n"
    };
    let text: String = (0..70_000).map(record).collect();
    for report in ["journey --by recipient", "recovery --link-within 2", "decay", "rate --columns id,recipient,signals"]
    {
        let run = |threads: usize| {
            let run = serveup(&format!("{report} in -q -f table --threads {threads}")).file("in", &text);
            let output = run.command().output().expect("the program runs");
            assert_eq!(output.status.code(), Some(0), "{report}");
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        let one = run(1);
        assert!(one.lines().count() > 7_000, "{report} {}", one.lines().count());
        assert!(report == "decay" || one.contains("longest"), "{report}");
        assert!(run(3) == one, "{report}");
    }
}

#[test]
fn a_number_of_threads_is_one_to_256() {
    for number in ["0", "257", "1000000", "-1", "two"] {
        serveup(&format!("rate in --threads {number}"))
            .file("in", "[]")
            .status(2)
            .stderr_has(&format!("'{number}' for '--threads <N>': write a whole number from 1 to 256\n"))
            .run();
    }
    let text = records(&[1, 2, 3]).join("\n");
    serveup("rate in --quiet --threads 256").file("in", text).stdout_has("\nr2\t").run();
}
