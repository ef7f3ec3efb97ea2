//! Quantiles and tails of the normal distribution and of Student's t.

use std::f64::consts::PI;
use std::sync::LazyLock;

use super::float;

/// The 97.5 % point of the standard normal distribution, for 95 % intervals.
pub const Z: f64 = 1.959_963_984_540_054;

/// From this many degrees of freedom on, [`t_quantile`] is [`T_EXPANSION`].
pub const EXPANDS_FROM: u64 = 200;

/// The 97.5 % point of Student's t as a polynomial in 1 / degrees of freedom, lowest power first: the expansion of
/// Fisher and Cornish (Abramowitz & Stegun 1964, 26.7.5) at [`Z`]. What it leaves out is below 1e-10 at 200 degrees.
pub const T_EXPANSION: [f64; 5] = {
    let (x, x2) = (Z, Z * Z);
    [
        x,
        x * (x2 + 1.0) / 4.0,
        x * ((5.0 * x2 + 16.0) * x2 + 3.0) / 96.0,
        x * (((3.0 * x2 + 19.0) * x2 + 17.0) * x2 - 15.0) / 384.0,
        x * ((((79.0 * x2 + 776.0) * x2 + 1482.0) * x2 - 1920.0) * x2 - 945.0) / 92160.0,
    ]
};

/// The 97.5 % point of Student's t; [`Z`] where there are no degrees of freedom.
#[must_use]
pub fn t_quantile(degrees: u64) -> f64 {
    static FIRST: LazyLock<Vec<f64>> = LazyLock::new(|| (0..EXPANDS_FROM).map(solved).collect());
    if degrees < EXPANDS_FROM {
        let first = usize::try_from(degrees).ok().and_then(|degrees| FIRST.get(degrees));
        return first.copied().unwrap_or(Z);
    }
    T_EXPANSION.iter().rev().fold(0.0, |sum, term| sum / float(degrees) + term)
}

/// The same by Newton's method. The tails are convex, so that steps from [`Z`], which is too low, never go too far.
fn solved(degrees: u64) -> f64 {
    let mut t = Z;
    if degrees == 0 {
        return t;
    }
    let n = float(degrees);
    for _ in 0..40 {
        // of both tails, whose density is twice that of one
        let density = 2.0 * gamma_ratio(n / 2.0) / (n * PI).sqrt() * (-0.5 * (n + 1.0) * (t * t / n).ln_1p()).exp();
        let step = (t_tails(t, degrees) - 0.05) / density;
        t += step;
        if step.abs() < 1e-14 * t {
            break;
        }
    }
    t
}

/// How likely Student's t with these degrees of freedom, at least one, is to be at least so far from 0, on either side:
/// the incomplete beta function (Abramowitz & Stegun 1964, 26.7.1 and 26.5.8), to 1e-12 of itself.
#[must_use]
#[expect(clippy::many_single_char_names, reason = "the letters of the books")]
pub fn t_tails(t: f64, degrees: u64) -> f64 {
    let (n, t2) = (float(degrees.max(1)), t * t);
    if t2 == 0.0 {
        return 1.0;
    }
    if t2.is_infinite() {
        return 0.0;
    }
    let (a, b) = (n / 2.0, 0.5);
    // x = n / (n + t²), the rest 1 - x; x^a (1 - x)^b / B(a, b)
    let (x, rest) = (n / (n + t2), t2 / (n + t2));
    let front = (-a * (t2 / n).ln_1p()).exp() * rest.sqrt() * gamma_ratio(a) / PI.sqrt();
    if x < (a + 1.0) / (a + b + 2.0) { front * continued(a, b, x) / a } else { 1.0 - front * continued(b, a, rest) / b }
        .clamp(0.0, 1.0)
}

/// The continued fraction of the incomplete beta function, by the method of Lentz as modified by Thompson and Barnett
/// (Press et al. 2007, Numerical Recipes, 5.2 and 6.4).
#[expect(clippy::many_single_char_names, reason = "as above")]
fn continued(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let apart_from_0 = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / apart_from_0(1.0 - (a + b) * x / (a + 1.0)));
    let mut fraction = d;
    // as many as the root of the degrees of freedom are needed; ten thousand are enough for 1e8
    for m in (1..10_000_u32).map(f64::from) {
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for term in [even, odd] {
            d = 1.0 / apart_from_0(1.0 + term * d);
            c = apart_from_0(1.0 + term / c);
            factor = c * d;
            fraction *= factor;
        }
        if (factor - 1.0).abs() < 1e-15 {
            break;
        }
    }
    fraction
}

/// Γ(a + 1/2) / Γ(a), by its asymptotic series (Tricomi & Erdélyi 1951, Pacific Journal of Mathematics 1), which
/// leaves out less than 1e-15 of it from 40 on; smaller ones by Γ(a + 1) = a Γ(a).
fn gamma_ratio(mut a: f64) -> f64 {
    let mut factor = 1.0;
    while a < 40.0 {
        factor *= a / (a + 0.5);
        a += 1.0;
    }
    let terms = [-1.0 / 8.0, 1.0 / 128.0, 5.0 / 1024.0, -21.0 / 32_768.0, -399.0 / 262_144.0, 869.0 / 4_194_304.0];
    let series = terms.iter().rev().fold(0.0, |sum, term| (sum + term) / a);
    factor * a.sqrt() * (1.0 + series)
}

#[cfg(test)]
#[expect(clippy::unreadable_literal, reason = "as the other program prints them")]
mod tests {
    use super::super::near;
    use super::*;

    #[test]
    fn quantiles_are_those_of_scipy() {
        // scipy 1.17.1, scipy.stats.t.ppf(0.975, degrees)
        for (degrees, quantile) in [
            (1, 12.7062047361747),
            (2, 4.30265272974946),
            (3, 3.18244630528371),
            (4, 2.77644510519779),
            (5, 2.57058183563631),
            (7, 2.36462425159278),
            (10, 2.22813885198627),
            (19, 2.09302405440831),
            (29, 2.0452296421327),
            (47, 2.01174051372977),
            (100, 1.98397151852355),
            (199, 1.97195654425175),
            (200, 1.97189622363391),
            (1000, 1.96233908082641),
            (5246, 1.96041629284198),
            (1000000, 1.95996635681411),
        ] {
            near(t_quantile(degrees), quantile, 1e-11);
        }
    }

    #[test]
    fn tails_are_those_of_scipy() {
        // scipy 1.17.1, 2 * scipy.stats.t.sf(t, degrees)
        for (t, degrees, tails) in [
            (0.001, 1, 9.993633804398159e-01),
            (0.5, 1, 7.048327646991335e-01),
            (12.7, 1, 5.002432768934417e-02),
            (1000.0, 1, 6.366195601611178e-04),
            (0.1, 2, 9.294654384141402e-01),
            (3.0, 2, 9.546596626670913e-02),
            (1.0, 4, 3.739009663000589e-01),
            (2.776, 4, 5.002277831997642e-02),
            (8.0, 4, 1.323896909217167e-03),
            (40.0, 5, 1.841196217177295e-07),
            (0.01, 30, 9.920874925731777e-01),
            (2.04, 30, 5.023957473908686e-02),
            (6.0, 30, 1.394276876720476e-06),
            (25.0, 59, 4.360855465223311e-33),
            (1.5, 200, 1.351913212270349e-01),
            (1.96, 5246, 5.00486513297932e-02),
            (9.0, 5246, 3.099428681630044e-19),
            (0.0001, 1000000, 9.999202115639998e-01),
            (3.0, 1000000, 2.6998625414218e-03),
            (30.0, 100000, 7.37853687222276e-197),
        ] {
            near(t_tails(t, degrees), tails, 1e-10 * tails);
        }
    }

    #[test]
    fn where_the_expansion_begins_both_ways_agree() {
        for degrees in [EXPANDS_FROM, EXPANDS_FROM + 1, 500, 10_000] {
            near(t_quantile(degrees), solved(degrees), 1e-11);
        }
        assert_eq!((t_quantile(0), t_tails(0.0, 5), t_tails(f64::INFINITY, 5)), (Z, 1.0, 0.0));
        near(t_quantile(u64::MAX), Z, 1e-15);
        near(t_tails(-2.0, 5), t_tails(2.0, 5), 0.0);
    }
}
