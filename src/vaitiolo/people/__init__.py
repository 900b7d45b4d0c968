"""Members, patients, phone book, desks and sign-in: the only room that turns a cookie into an actor."""
