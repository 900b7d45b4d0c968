"""Members, patients, phone book, desks, sign-in: the one room that makes a cookie an actor."""
