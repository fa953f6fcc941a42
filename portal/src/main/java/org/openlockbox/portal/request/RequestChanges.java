package org.openlockbox.portal.request;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openlockbox.core.access.AccessRequest;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.RequestState;
import org.openlockbox.portal.edge.PageContext;
import org.openlockbox.portal.edge.PortalEdge;
import org.openlockbox.server.request.StoredRequest;
import org.openlockbox.server.tenant.Store;
import org.springframework.http.ResponseEntity;

/// What is different about a request since somebody was shown it: field by field, as it was and as
/// it is, and by which steps that came.
public record RequestChanges(List<Field> fields, List<RequestProgress.ProgressStep> steps) {
  public RequestChanges {
    fields = List.copyOf(fields);
    steps = List.copyOf(steps);
  }

  /// A field that is not what it was; `name` is a message id.
  public record Field(String name, String was, String is) {}

  /// The difference from the version that was shown.
  public static RequestChanges since(
      PageContext frame, Store store, StoredRequest stored, long version) {
    var now = RequestProgress.of(store, stored, frame.now());
    var then = now.before(Math.max(1, stored.version() - version));
    var fields = new ArrayList<Field>();
    add(fields, "state", state(frame, then.state()), state(frame, now.state()));
    add(fields, "approved", people(frame, then), people(frame, now));
    add(fields, "reviewed", reviewed(frame, then), reviewed(frame, now));
    granted(frame, stored)
        .filter(_ -> then.state() == RequestState.PENDING)
        .ifPresent(granted -> add(fields, "granted", nothing(frame), granted));
    return new RequestChanges(fields, now.steps().subList(then.steps().size(), now.steps().size()));
  }

  /// Says so, with a link to the request as it is now.
  public ResponseEntity<byte[]> page(
      PortalEdge.Parts parts, PageContext frame, RequestId id, String lead) {
    return parts
        .pages()
        .page(
            412,
            "changed",
            Map.of(
                "frame",
                frame,
                "id",
                id.value(),
                "changed",
                this,
                "lead",
                lead,
                "back",
                parts.sites().portal() + "/requests/" + id));
  }

  private static void add(List<Field> fields, String name, String was, String is) {
    if (!was.equals(is)) {
      fields.add(new Field("changed." + name, was, is));
    }
  }

  private static String state(PageContext frame, RequestState state) {
    return frame.say("state." + state.word());
  }

  private static String people(PageContext frame, RequestProgress course) {
    return course.approved().isEmpty()
        ? nobody(frame)
        : course.approved().stream().map(frame::name).collect(Collectors.joining(", "));
  }

  private static String reviewed(PageContext frame, RequestProgress course) {
    return course.steps().stream()
        .filter(step -> step.what() == RequestProgress.ProgressKind.REVIEWED)
        .map(RequestProgress.ProgressStep::by)
        .map(frame::name)
        .findFirst()
        .orElse(nobody(frame));
  }

  private static String nobody(PageContext frame) {
    return frame.say("changed.nobody");
  }

  private static String nothing(PageContext frame) {
    return frame.say("changed.nothing");
  }

  /// Level, length and end of what was granted.
  private static Optional<String> granted(PageContext frame, StoredRequest stored) {
    if (!(stored.request() instanceof AccessRequest.Approved approved)) {
      return Optional.empty();
    }
    var terms = approved.grant().terms();
    Duration length = terms.window().length().plusSeconds(30).truncatedTo(ChronoUnit.MINUTES);
    Instant end = terms.window().notAfter();
    return Optional.of(
        "%s, %s, %s %s"
            .formatted(
                frame.say("level." + terms.level().word()),
                frame.words().duration(length),
                frame.say("changed.until"),
                frame.time(end)));
  }
}
