//! The pictures of the README are real output: a table as a terminal colours it, and charts of the page. They are drawn
//! anew here and compared; `SERVEUP_BLESS=1 cargo test --test pictures` writes them.
#![cfg(all(feature = "cli", unix))]
#![allow(clippy::disallowed_methods, reason = "the test runs the program, and reads and blesses pictures")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the program prints, run in the folder of the examples.
fn serveup(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_serveup"))
        .args(args)
        .current_dir(Path::new(ROOT).join("examples/data"))
        .env_remove("SERVEUP_LEVELS")
        .output()
        .expect("serveup");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Holds a picture against the one that is there, or writes it.
#[track_caller]
fn is_the_picture(name: &str, drawn: &str) {
    let file = Path::new(ROOT).join("docs/pictures").join(name);
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).expect("the README");
    assert!(readme.contains(&format!("(docs/pictures/{name})")), "the README shows {name}");
    if std::env::var_os("SERVEUP_BLESS").is_some() {
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(&file, drawn).expect("a picture");
    }
    let there = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(there == drawn, "docs/pictures/{name} is not what is printed now; SERVEUP_BLESS=1 draws it anew");
    well_formed(drawn);
}

/// Every tag of a picture is closed, in order, and it loads nothing.
#[track_caller]
fn well_formed(picture: &str) {
    let mut open = Vec::new();
    let (head, rest) = picture.split_once("<style>").expect("a style");
    let (style, body) = rest.split_once("</style>").expect("the style ends");
    for tag in format!("{head}{body}").split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name = tag.split_whitespace().next().expect("a name");
        match (name.strip_prefix('/'), tag.ends_with('/')) {
            (Some(name), _) => assert_eq!(open.pop(), Some(name.to_owned())),
            (None, false) => open.push(name.to_owned()),
            (None, true) => {}
        }
    }
    assert_eq!(open, Vec::<String>::new());
    assert!(style.split("url(").skip(1).all(|url| url.starts_with('#')), "{style}");
    assert!(!picture.contains("href") && !picture.contains("<script"));
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The width and the height of a cell of the terminal.
const CELL: (f64, f64) = (8.4, 19.0);

/// A run of one colour and weight: its class, and its text.
type Run = (String, String);

/// A line of a terminal as runs; what is not known of the language of terminals is an error.
fn runs(line: &str, class: &mut (bool, Option<u8>)) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let name = |class: &(bool, Option<u8>)| {
        let color = class.1.map(|color| format!("c{color}"));
        [class.0.then(|| "b".to_owned()), color].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    for (place, part) in line.split("\u{1b}[").enumerate() {
        let text = if place == 0 {
            part
        } else {
            let (code, text) = part.split_once('m').expect("a colour or a weight");
            match code.split(';').collect::<Vec<_>>().as_slice() {
                ["0"] => *class = (false, None),
                ["1"] => class.0 = true,
                ["39"] => class.1 = None,
                ["38", "5", color] => class.1 = Some(color.parse().expect("a number")),
                other => panic!("{other:?} is no colour that is drawn here"),
            }
            text
        };
        runs.push((name(class), text.to_owned()));
    }
    runs
}

/// Terminal output as a picture, on light and on dark.
fn terminal(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let plain =
        |line: &&str| runs(line, &mut (false, None)).iter().map(|(_, text)| text.chars().count()).sum::<usize>();
    let columns = lines.iter().map(plain).max().unwrap_or(0);
    #[expect(clippy::cast_precision_loss, reason = "columns and lines of a terminal")]
    let at = |cells: usize, size: f64| cells as f64 * size;
    let (wide, high) = (at(columns, CELL.0) + 32.0, at(lines.len(), CELL.1) + 28.0);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.0}\" height=\"{high:.0}\" viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\">\n<style>\n\
         rect {{ fill: #fdfcfa; stroke: #dedad3; }} text {{ font: 14px ui-monospace, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; fill: #1f2328; white-space: pre; }}\n\
         .b {{ font-weight: 700; }} .c1 {{ fill: #a3243b; }} .c2 {{ fill: #176b3a; }}\n\
         @media (prefers-color-scheme: dark) {{ rect {{ fill: #14171b; stroke: #383e46; }} text {{ fill: #e9e7e2; }} .c1 {{ fill: #ff9aae; }} .c2 {{ fill: #7fdba0; }} }}\n\
         </style>\n<rect x=\".5\" y=\".5\" width=\"{:.0}\" height=\"{:.0}\" rx=\"8\"/>\n",
        wide - 1.0,
        high - 1.0
    );
    let mut class = (false, None);
    for (row, line) in lines.iter().enumerate() {
        let mut column = 0;
        for (class, text) in runs(line, &mut class) {
            let blanks = text.chars().take_while(|letter| *letter == ' ').count();
            let shown = text.trim();
            let cells = shown.chars().count();
            if cells > 0 {
                let class = if class.is_empty() { class } else { format!(" class=\"{class}\"") };
                writeln!(
                    picture,
                    "<text x=\"{:.1}\" y=\"{:.0}\" textLength=\"{:.1}\" lengthAdjust=\"spacingAndGlyphs\"{class}>{}</text>",
                    at(column + blanks, CELL.0) + 16.0,
                    at(row + 1, CELL.1) + 9.0,
                    at(cells, CELL.0),
                    escaped(shown)
                )
                .expect("a line");
            }
            column += text.chars().count();
        }
    }
    picture.push_str("</svg>\n");
    picture
}

#[test]
fn the_table_is_what_the_program_prints() {
    let args = ["rate", "shop.json", "--quiet", "--format", "table", "--color", "always"];
    let table = serveup(&args);
    assert!(table.contains("\u{1b}[38;5;1m") && table.contains("\u{1b}[38;5;2m") && table.contains("\u{1b}[1m"));
    is_the_picture("table.svg", &terminal(&format!("$ serveup rate shop.json\n{table}")));
}

/// The part of a page between two texts, the first included.
#[track_caller]
fn from<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    let place = page.find(start).unwrap_or_else(|| panic!("{start} is on the page"));
    let rest = &page[place..];
    &rest[..rest.find(end).expect("it ends")]
}

/// Each chart of a class as it stands on the page, with what is nested in it, and what is beside it up to the next.
fn charts<'p>(page: &'p str, class: &str) -> Vec<(&'p str, &'p str)> {
    let mut charts = Vec::new();
    let mut rest = page;
    while let Some(place) = rest.find(&format!("<svg class=\"{class}\"")) {
        let chart = &rest[place..];
        let (mut depth, mut end) = (0_u32, 0);
        while depth > 0 || end == 0 {
            let inside = &chart[end..];
            let next = inside.find("<svg").filter(|opens| *opens < inside.find("</svg>").expect("a chart ends"));
            match next {
                Some(opens) => (depth, end) = (depth + 1, end + opens + 4),
                None => (depth, end) = (depth - 1, end + inside.find("</svg>").expect("a chart ends") + 6),
            }
        }
        charts.push((&chart[..end], &chart[end..]));
        rest = &chart[end..];
    }
    charts
}

/// What is read in a part of a page.
fn words(part: &str) -> String {
    part.split('<').map(|tag| tag.split_once('>').map_or("", |(_, text)| text)).collect::<String>()
}

/// The lines of the page's style that its charts need.
fn style(page: &str) -> String {
    let style = from(page, "<style>", "</style>").trim_start_matches("<style>");
    let (roots, rules) = style.split_once("*, *::before").expect("the colours come first");
    let needed = [".l1", ".l4", ".c1", ".m ", ".diverging", ".stairs", ".fall", "svg text"];
    let rules = rules.lines().filter(|line| needed.iter().any(|start| line.starts_with(start)));
    let mut kept = roots.to_owned();
    rules.for_each(|rule| writeln!(kept, "{rule}").expect("a rule"));
    kept.push_str(".ground { fill: var(--paper); stroke: var(--rule); } .head { font-size: 15px; font-weight: 700; } .soft { fill: var(--soft); }\n");
    kept
}

#[test]
fn the_charts_are_those_of_the_page() {
    let page = serveup(&["report", "helpdesk.jsonl", "--quiet"]);
    let journey = from(&page, "<ol class=\"points\">", "</ol>");
    let bars = charts(journey, "diverging");
    assert!(bars.len() > 2, "{journey}");
    let names: Vec<&str> = journey
        .split("<span class=\"last\">")
        .skip(1)
        .map(|rest| rest.split_once("</span>").expect("a name").0)
        .collect();
    assert_eq!(names.len(), bars.len());
    let stairs = charts(&page, "stairs");
    let mut picture = String::new();
    let (wide, row, top) = (760, 40, 58);
    let below = top + row * bars.len() + 28;
    let high = below + 30 + 396;
    writeln!(picture, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" role=\"img\">").expect("a line");
    writeln!(picture, "<style>{}</style>", style(&page)).expect("a line");
    writeln!(
        picture,
        "<rect class=\"ground\" x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\"/>",
        wide - 1,
        high - 1
    )
    .expect("a line");
    writeln!(picture, "{}", from(&page, "<svg class=\"patterns\"", "</svg>").to_owned() + "</svg>").expect("a line");
    let title = |id: &str| words(from(&page, &format!("<h2 id=\"{id}-title\">"), "</h2>"));
    writeln!(picture, "<text class=\"head\" x=\"20\" y=\"32\">{}</text>", title("journey")).expect("a line");
    let halves = from(&page, "<div class=\"halves\"", "</div>")
        .split("<span>")
        .skip(1)
        .map(|half| half.split_once("</span>").expect("a half").0);
    for (half, (x, anchor)) in halves.zip([(390, "end"), (410, "start")]) {
        writeln!(picture, "<text class=\"soft\" x=\"{x}\" y=\"46\" text-anchor=\"{anchor}\">{half}</text>")
            .expect("a line");
    }
    for (place, ((bar, beside), name)) in bars.iter().zip(names).enumerate() {
        let y = top + row * place;
        let shares = from(beside, "<div class=\"shares\">", "</div>")
            .split("<span>")
            .skip(1)
            .map(|share| words(&format!(">{share}")));
        writeln!(picture, "<text x=\"20\" y=\"{}\">{}</text>", y + 19, words(&format!(">{name}"))).expect("a line");
        writeln!(picture, "<svg x=\"150\" y=\"{y}\" width=\"500\" height=\"30\">{bar}</svg>").expect("a line");
        for (line, share) in shares.enumerate() {
            writeln!(picture, "<text x=\"664\" y=\"{}\">{share}</text>", y + 12 + 15 * line).expect("a line");
        }
    }
    writeln!(picture, "<text class=\"head\" x=\"20\" y=\"{below}\">{}</text>", title("escalator")).expect("a line");
    writeln!(picture, "<svg x=\"20\" y=\"{}\" width=\"720\" height=\"388\">{}</svg>", below + 14, stairs[0].0)
        .expect("a line");
    picture.push_str("</svg>\n");
    is_the_picture("page.svg", &picture);
}
