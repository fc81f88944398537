#!/bin/sh
# The conference line on one machine, for a try: the program stands in the folder
# /srv/ccxml-conference as cgi-bin/ccxml-conference. What it reports goes to the terminal.
exec busybox httpd -f -p 127.0.0.1:8080 -h /srv/ccxml-conference
