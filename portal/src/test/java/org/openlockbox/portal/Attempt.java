package org.openlockbox.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openlockbox.server.Endpoint;

/// One call of the portal or the API with every id in its place. What there is to try is found in
/// the code; a form without a sample of what it sends is an error here.
record Attempt(Endpoint endpoint, String path, String sent) {
  /// What a form of the portal sends, with the places of ids.
  private static final Map<String, String> FORMS =
      Map.ofEntries(
          Map.entry("/access", "access=off"),
          Map.entry("/ask", "do=preview&tenant=acme&extends={r}"),
          Map.entry("/audit/views", "name=mine&level=write"),
          Map.entry("/audit/views/forget", "name=mine"),
          Map.entry("/away", "standIn={person}&from=2026-12-01T08:00&until=2026-12-02T08:00"),
          Map.entry("/away/back", ""),
          Map.entry("/founding", "key={k}&quorum=1"),
          Map.entry("/settings", "theme=dark&language=de&zone=Europe/Berlin"),
          Map.entry("/invitations", "address={mail}&role=auditor"),
          Map.entry("/invitations/withdraw", "address={mail}"),
          Map.entry("/keys/authority/object", ""),
          Map.entry("/keys/{k}", "do=remove&quorum=1"),
          Map.entry("/keys/{k}/forget", ""),
          Map.entry("/notifications/contact", "tag=x&was={mail}&address={mail}&do=remove"),
          Map.entry("/notifications/deliveries/{d}/resend", ""),
          Map.entry("/notifications/deliveries/resend", "id={d}"),
          Map.entry("/notifications/push", "endpoint={w}&key=x&secret=x"),
          Map.entry("/notifications/push/{b}/remove", ""),
          Map.entry("/notifications/push/{b}/test", ""),
          Map.entry("/settings/sign-out", "visit={visit}"),
          Map.entry("/notifications/links", "tag=x&links=false"),
          Map.entry("/notifications/test", ""),
          Map.entry("/notifications/webhooks", "url={w}&topic=keyring"),
          Map.entry("/notifications/webhooks/{w}", "do=off"),
          Map.entry("/operation/new-tenant", "id={t}&name=Acme&admin="),
          Map.entry("/people/{who}/remove", ""),
          Map.entry("/people/{who}/roles", "role=auditor"),
          Map.entry("/policy/edit", "do=look&base=1&text=groups: [g: [{person}]]"),
          Map.entry("/proposals/{p}/withdraw", ""),
          Map.entry("/requests/{r}/complete", "comment=done"),
          Map.entry("/requests/{r}/comments", "text=hello"),
          Map.entry("/requests/{r}/review", "version=1&verdict=approve"),
          Map.entry("/requests/{r}/stop", ""),
          Map.entry("/requests/{r}/withdraw", ""),
          Map.entry("/sign-in/as", "person={pid}"));

  /// What else can be asked of what is read.
  private static final Map<String, List<String>> QUESTIONS =
      Map.of(
          "/ask", List.of("like={r}"),
          "/audit", List.of("person={person}", "text={r}"),
          "/audit/export", List.of("format=csv&text={r}"),
          "/audit/print", List.of("person={person}"),
          "/notifications/contact", List.of("address={mail}"),
          "/operation/new-tenant", List.of("tenant={t}"),
          "/v1/tenants/{t}/log", List.of("request={r}"),
          "/v1/tenants/{t}/deliveries", List.of("request={r}"));

  /// Who comes here shows a secret of their own, which says by itself what it is for; where an
  /// issuer signs people out it tells everybody, as its domains tell where it signs them in.
  private static final Pattern BY_SECRET =
      Pattern.compile(
          "/sign|/sign/.*|/sign-in(/code|/back/.*|/leave/.*)?|/sign-out|/invitation(/.*)?");

  private static final List<Endpoint> PAGES = PortalFixture.pages();
  static final List<Endpoint> EVERY =
      Stream.concat(PAGES.stream(), Endpoint.ofApi().stream())
          .filter(endpoint -> !BY_SECRET.matcher(endpoint.path()).matches())
          .toList();

  static Stream<Attempt> all(Endpoint endpoint, Map<String, String> ids) {
    var path = filled(endpoint.path().replace("tile/**", "tile/entries/000.p/1"), ids);
    var plain = new Attempt(endpoint, path, filled(sample(endpoint), ids));
    var asking =
        QUESTIONS.getOrDefault(endpoint.writes() ? "" : endpoint.path(), List.of()).stream()
            .map(question -> new Attempt(endpoint, path + "?" + filled(question, ids), ""));
    return Stream.concat(Stream.of(plain), asking);
  }

  private static String sample(Endpoint endpoint) {
    if (!endpoint.writes()) {
      return "";
    }
    return isOfPortal(endpoint)
        ? Optional.ofNullable(FORMS.get(endpoint.path()))
            .orElseThrow(() -> new AssertionError("no sample of what is sent to " + endpoint))
        : "";
  }

  private static String filled(String template, Map<String, String> ids) {
    var filled = template;
    for (var id : ids.entrySet()) {
      filled = filled.replace("{" + id.getKey() + "}", id.getValue());
    }
    assertThat(filled).as("ids that this test has none of").doesNotContain("{");
    return filled;
  }

  Map<String, String> fields() {
    var fields = new TreeMap<String, String>();
    Arrays.stream(sent.split("&", -1))
        .map(field -> field.split("=", 2))
        .filter(field -> field.length == 2)
        .forEach(field -> fields.put(field[0], field[1]));
    return fields;
  }

  /// Whether it is a page and no call of the API.
  static boolean isOfPortal(Endpoint endpoint) {
    return PAGES.contains(endpoint);
  }
}
