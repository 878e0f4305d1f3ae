//! What the reader of the file says of keys, types and choices.

use crate::test_project::TestProject;

#[test]
fn the_hypothesis_of_the_tests_is_in_order() {
    let outcome = TestProject::new().run();
    assert_eq!(outcome.verdict, experiment::Verdict::Confirmed);
    assert_eq!(outcome.drift(), []);
}
