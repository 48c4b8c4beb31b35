# The one place that knows where the test data lies: captures and rules of others, which are not part of this
# repository. Tests find it in the environment and skip, loudly, where it is absent. Runs in the project's root.

export MIRRORSCAN_TESTDATA
MIRRORSCAN_TESTDATA=$(realpath -m "${MIRRORSCAN_TESTDATA:-../shared}")
