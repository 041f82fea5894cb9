"""The programs that the behaviour tests start in another process: functions of a PeerSide."""
