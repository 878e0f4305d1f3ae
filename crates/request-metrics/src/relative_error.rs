/// By how much a predicted figure is over the measured one, in percent of that: 100 (predicted - measured) / measured. None
/// where the measured figure is not above 0.
#[must_use]
pub fn error_pct(measured: f64, predicted: f64) -> Option<f64> {
    (measured > 0.0).then(|| 100.0 * (predicted - measured) / measured)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_have_a_sign_and_a_base() {
        assert_eq!(error_pct(50.0, 40.0), Some(-20.0));
        assert_eq!(error_pct(40.0, 50.0), Some(25.0));
        assert_eq!(error_pct(0.0, 50.0), None);
    }
}
