# The class's project: what the class has, and each student's own share
project-share-sum = Project: { $class } points of the class + { $own } of your own = { $total }
project-share-most = Project: { $class } points of the class + { $own } of your own, counted as { $total }, the most it is worth
project-share-alone = Project: { $own } points of your own; the class's work has no mark yet
project-share-line = { $tool } · { $fact }: { $amount } × { $each } = { $points } points
project-share-line-most = { $tool } · { $fact }: { $amount } × { $each }, at most { $points } points
project-share-from = Your teacher reckons your own share from what the class's tools counted. If a count is wrong, tell your teacher.
