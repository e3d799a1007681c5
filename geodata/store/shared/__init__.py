"""An embedded database that several processes of one owner use through a socket."""
