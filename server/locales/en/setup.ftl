setup-title = Set up the administrator
setup-text = This is the first account. It can create teachers and classes.
setup-login-hint = Letters, digits, dots and dashes, 32 at most; used to sign in.
setup-create = Create the account and sign in
setup-closed = This link no longer works
setup-closed-text = It was used, or an hour has passed. While nobody has an account, starting the server again prints a new link.
