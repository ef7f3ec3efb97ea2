//! Small helpers that make sentences read well.

/// `1 record`, `2 records`, `1,234 deliveries`.
#[must_use]
pub fn count(number: u64, thing: &str) -> String {
    if number == 1 {
        return format!("1 {thing}");
    }
    match thing.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'o', 'u'])) {
        Some(stem) => format!("{} {stem}ies", grouped(number)),
        None => format!("{} {thing}s", grouped(number)),
    }
}

/// `1,234,567`: thousands apart, for people.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::{count, grouped};

    #[test]
    fn numbers_read_well() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(24_918_000), "24,918,000");
        assert_eq!((count(1, "record"), count(2, "record")), ("1 record".to_owned(), "2 records".to_owned()));
        assert_eq!(
            [count(1, "delivery"), count(2, "delivery"), count(2, "day")],
            ["1 delivery", "2 deliveries", "2 days"]
        );
    }
}
