package org.openlockbox.server.export;

import org.openlockbox.core.log.SessionEvent;

/// What an activity is in OCSF: class, activity and the words for both.
enum OcsfKind {
  LOGOFF(3002, "Authentication", 2, "Logoff"),
  AUTHORIZE(3003, "Authorize Session", 1, "Assign Privileges"),
  CREATE(3004, "Entity Management", 1, "Create"),
  UPDATE(3004, "Entity Management", 3, "Update"),
  DEACTIVATE(3004, "Entity Management", 11, "Deactivate"),
  REVOKE(3005, "User Access Management", 2, "Revoke Privileges"),
  READ(6005, "Datastore Activity", 1, "Read"),
  CHANGE(6005, "Datastore Activity", 2, "Update"),
  QUERY(6005, "Datastore Activity", 4, "Query"),
  OTHER(6005, "Datastore Activity", 99, "Other");

  final int uid;
  final String name;
  final int activity;
  final String word;

  OcsfKind(int uid, String name, int activity, String word) {
    this.uid = uid;
    this.name = name;
    this.activity = activity;
    this.word = word;
  }

  /// What an operation with this outcome did, as far as the outcome itself says.
  static OcsfKind of(SessionEvent.Outcome outcome) {
    if (outcome.changed() > 0) {
      return CHANGE;
    }
    return outcome.units() > 0 ? READ : OTHER;
  }
}
