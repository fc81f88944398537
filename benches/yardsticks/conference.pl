#!/usr/bin/perl
# What people had in 2002: one Perl script with CGI.pm that looks for a file named like the number. The first caller
# makes it and creates the conference, every later one joins; nobody is counted, and nobody ever leaves.

use strict;
use warnings;
use CGI;

my $tokens = $ENV{CONFERENCE_DIR} || 'conferences';
my $cgi    = CGI->new;
my $code   = $cgi->param('conference_code');
my $self   = $cgi->url(-absolute => 1);

print $cgi->header('text/xml');
if (!defined $code) {
    print document(<<"ASK");
    <transition state="'ringing'" event="connection.CONNECTION_ALERTING" name="call">
      <assign name="caller" expr="call.callid"/>
      <accept/>
    </transition>
    <transition event="connection.CONNECTION_CONNECTED">
      <dialogstart callid="caller" src="'$self?prompt=get_conference_code'" type="'application/voicexml+xml'"/>
    </transition>
    <transition event="dialog.exit" name="result">
      <goto next="'$self?conference_code=' + result.conference_code"/>
    </transition>
ASK
}
elsif ($code !~ /\A([0-9]{4,10})\z/) {
    print document(qq{    <transition event="ccxml.loaded"><goto next="'$self'"/></transition>\n});
}
elsif (-e "$tokens/$1") {
    print document(<<"JOIN");
    <transition event="ccxml.loaded">
      <join sessionid1="caller" sessionid2="conference_$1"/>
    </transition>
    <transition event="ccxml.joined">
      <dialogstart callid="caller" src="'$self?prompt=joining'" type="'application/voicexml+xml'"/>
    </transition>
JOIN
}
else {
    open my $token, '>', "$tokens/$1" or die "$tokens/$1: $!";
    close $token;
    print document(<<"CREATE");
    <transition event="ccxml.loaded">
      <createconference name="conference_$1"/>
    </transition>
    <transition event="ccxml.conferencecreated">
      <dialogstart callid="caller" src="'$self?prompt=first_caller'" type="'application/voicexml+xml'"/>
      <join sessionid1="caller" sessionid2="conference_$1"/>
    </transition>
CREATE
}

sub document {
    my ($transitions) = @_;
    return <<"DOCUMENT";
<?xml version="1.0" encoding="UTF-8"?>
<ccxml version="1.0">
  <var name="caller"/>
  <var name="stage" expr="'ringing'"/>
  <eventhandler statevariable="stage">
$transitions    <transition event="connection.CONNECTION_DISCONNECTED">
      <exit/>
    </transition>
    <transition event="error.*">
      <log expr="'failed'"/>
      <exit/>
    </transition>
  </eventhandler>
</ccxml>
DOCUMENT
}
