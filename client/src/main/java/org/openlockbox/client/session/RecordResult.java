package org.openlockbox.client.session;

/// What became of an action that was to be recorded. There is no third answer: whatever goes wrong
/// is a [NotRecorded], and then nothing may be read, changed or shown.
public sealed interface RecordResult permits RecordedAction, RecordResult.NotRecorded {
  /// It must not go on.
  record NotRecorded(AccessRefusal why) implements RecordResult {}
}
