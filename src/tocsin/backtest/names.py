"""Names of the forecasters of the back-test; files and the documentation use them."""

MODEL, RECALIBRATED, CONSTANT = "the model as it is", "the model, recalibrated", "constant"
WEIGHED, WEIGHED_RECALIBRATED = "the model, weighed by the pair's record", "the same, recalibrated"
RATIO, FULL, RECORD = "logit on the capability ratio", "well-specified logit", "the pair's record alone"
POOL = "all pooled"
