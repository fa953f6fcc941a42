package org.openlockbox.check.authzen;

import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.openlockbox.check.resource.CheckResource;
import org.openlockbox.check.session.AccessCheck;
import org.openlockbox.check.session.CheckOrigin;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.gateway.controlplane.ControlPlane;
import org.openlockbox.gateway.gate.Clearance;

/// The AuthZEN Authorization API 1.0: evaluation, evaluations, the three searches, and the metadata
/// that lists them.
public final class AuthzenApi {
  /// Where the metadata is.
  public static final String METADATA = "/.well-known/authzen-configuration";

  private static final String EVALUATION = "/access/v1/evaluation";
  private static final String EVALUATIONS = "/access/v1/evaluations";
  private static final String SUBJECTS = "/access/v1/search/subject";
  private static final String RESOURCES = "/access/v1/search/resource";
  private static final String ACTIONS = "/access/v1/search/action";

  /// What one path answers.
  private interface Endpoint {
    ApiAnswer answer(CheckOrigin origin, JsonBody body);
  }

  /// What came of a call.
  public sealed interface ApiResult {
    /// A JSON document.
    ///
    /// @param clearances all have to be open when it is sent
    record Answered(Bytes json, List<Clearance> clearances) implements ApiResult {}

    /// The body is no question.
    record BadRequest(String message) implements ApiResult {}

    /// Nobody can say now.
    record NoAnswerNow(String message) implements ApiResult {}
  }

  private final URI base;
  private final Map<String, Endpoint> endpoints;

  /// @param base the address by which callers know this decision point
  /// @param resources what there is to ask about, as of now
  public AuthzenApi(
      URI base, AccessCheck checks, Supplier<? extends Collection<CheckResource>> resources) {
    this.base = base;
    VisibleResources visible = new VisibleResources(resources);
    Evaluations evaluations = new Evaluations(checks, visible);
    EntitySearch search = new EntitySearch(checks, visible);
    this.endpoints =
        Map.of(
            EVALUATION, evaluations::one,
            EVALUATIONS, evaluations::many,
            SUBJECTS, search::subjects,
            RESOURCES, search::resources,
            ACTIONS, search::actions);
  }

  /// Whether it answers at this path.
  public boolean hasPath(String path) {
    return endpoints.containsKey(path);
  }

  /// Answers a call; empty if there is nothing at this path.
  ///
  /// @param type the media type of the body
  public Optional<ApiResult> answer(
      String path, CheckOrigin origin, Optional<String> type, Bytes body) {
    return Optional.ofNullable(endpoints.get(path))
        .map(
            endpoint -> {
              try {
                requireJson(type);
                ApiAnswer answer = endpoint.answer(origin, JsonBody.parse(body));
                return new ApiResult.Answered(
                    Bytes.of(CanonicalJson.bytes(answer.json())), answer.clearances());
              } catch (MalformedQuestion e) {
                return new ApiResult.BadRequest(String.valueOf(e.getMessage()));
              } catch (ControlPlane.NoReply e) {
                return new ApiResult.NoAnswerNow(e.words());
              }
            });
  }

  private static void requireJson(Optional<String> type) {
    boolean fits =
        type.map(text -> text.split(";", 2)[0].strip())
            .filter("application/json"::equalsIgnoreCase)
            .isPresent();
    if (!fits) {
      throw new MalformedQuestion("Content-Type has to be application/json");
    }
  }

  /// The metadata. It is for everybody.
  public Bytes metadata() {
    var json = Json.object().put("policy_decision_point", base.toString());
    List.of(
            Map.entry("access_evaluation_endpoint", EVALUATION),
            Map.entry("access_evaluations_endpoint", EVALUATIONS),
            Map.entry("search_subject_endpoint", SUBJECTS),
            Map.entry("search_resource_endpoint", RESOURCES),
            Map.entry("search_action_endpoint", ACTIONS))
        .forEach(each -> json.put(each.getKey(), base + each.getValue()));
    return Bytes.of(CanonicalJson.bytes(json.build()));
  }
}
