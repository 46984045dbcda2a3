"""What others take from us in forms that they know: feeds, calendars, badges, a widget, Statuspage's own documents."""
