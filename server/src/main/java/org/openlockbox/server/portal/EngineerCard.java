package org.openlockbox.server.portal;

import java.util.Optional;
import org.openlockbox.core.access.Engineer;
import org.openlockbox.core.access.SubjectId;

/// Who asks, as labelled values beside a sentence and never inside one: what the requester's side
/// wrote cannot go on as words of ours.
public record EngineerCard(
    String name,
    String id,
    String employer,
    String country,
    boolean agent,
    Optional<String> responsible) {

  static EngineerCard of(Frame frame, Told told) {
    var engineer = told.submission().engineer();
    return new EngineerCard(
        told.engineer(),
        engineer.id().value(),
        engineer.employer(),
        frame.words().country(engineer.country()),
        engineer.kind() == Engineer.Kind.AGENT,
        engineer.responsible().map(SubjectId::value));
  }
}
