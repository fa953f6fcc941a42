package org.openlockbox.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Level;
import org.openlockbox.core.access.RequestId;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.canonical.CanonicalJson;
import org.openlockbox.core.canonical.Fields;
import org.openlockbox.core.canonical.Json;
import org.openlockbox.core.keyring.GatewayId;
import org.openlockbox.core.signing.Scheme;
import org.openlockbox.core.signing.SoftwareKey;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.http.assertion.AssertionClaims;
import org.openlockbox.http.assertion.AssertionClaims.AssertedCall;
import org.openlockbox.http.assertion.AssertionClaims.AssertedCaller;
import org.openlockbox.http.assertion.AssertionKeys;

/// The three verifiers that services copy, in Java, for Node and for Python, take the gateway's own
/// assertions and refuse the same others.
class LockboxAssertionTest {
  private static final Path FILES =
      Path.of(System.getProperty("lockbox.home", ".."), "docs", "assertion").toAbsolutePath();
  private static final String PATH = "/v1/tenants/acme/tickets/a%20b";
  private final SecureRandom random = new SecureRandom();
  private final Instant now = InstantSource.system().instant();
  private final SoftwareKey first = SoftwareKey.generate(Scheme.ECDSA_P256, random);
  private final SoftwareKey second = SoftwareKey.generate(Scheme.ECDSA_P256, random);
  private final SoftwareKey unknown = SoftwareKey.generate(Scheme.ECDSA_P256, random);
  private final Map<String, PresentedCall> calls = new LinkedHashMap<>();
  private HttpServer keys;

  /// What a service is shown, and whether it may answer.
  private record PresentedCall(String assertion, String method, String path, boolean good) {}

  @BeforeEach
  void publish() throws IOException {
    byte[] jwks = AssertionKeys.of(List.of(first, second)).jwks().getBytes(UTF_8);
    keys = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    keys.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, jwks.length);
          exchange.getResponseBody().write(jwks);
          exchange.close();
        });
    keys.start();
    fill();
  }

  @AfterEach
  void stop() {
    keys.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + keys.getAddress().getPort() + "/jwks.json";
  }

  private AssertionClaims claims(String audience, Instant from, Instant until) {
    return claims(audience, PATH, from, until);
  }

  private AssertionClaims claims(String audience, String path, Instant from, Instant until) {
    return new AssertionClaims(
        new GatewayId("gw-1"),
        audience,
        new AssertedCaller(
            new SubjectId("eva"),
            Optional.of(new SubjectId("ada")),
            new TenantId("acme"),
            Level.READ,
            RequestId.random(random),
            SessionId.random(random)),
        new AssertedCall(7, "GET", path),
        from,
        until);
  }

  private String signed(SoftwareKey key) {
    return claims("helpdesk-api", now, now.plusSeconds(60))
        .signedBy(AssertionKeys.of(List.of(key)));
  }

  private void present(String what, String assertion, boolean good) {
    calls.put(what, new PresentedCall(assertion, "GET", PATH, good));
  }

  private void fill() {
    String good = signed(first);
    present("as the gateway signs it", good, true);
    present("by the second key", signed(second), true);
    present("by a key that nobody published", signed(unknown), false);
    calls.put("another method", new PresentedCall(good, "POST", PATH, false));
    calls.put("another path", new PresentedCall(good, "GET", "/v1/tenants/globex/tickets", false));
    calls.put("its path decoded", new PresentedCall(good, "GET", PATH.replace("%20", " "), false));
    fillCommas();
    fillTimes();
    fillForms(good);
    fillHeaders(good);
  }

  /// A path may hold one without encoding it, and goes on behind it.
  private void fillCommas() {
    String path = PATH + ",2";
    String good =
        claims("helpdesk-api", path, now, now.plusSeconds(60))
            .signedBy(AssertionKeys.of(List.of(first)));
    calls.put("a path with a comma", new PresentedCall(good, "GET", path, true));
    calls.put("its path up to the comma", new PresentedCall(good, "GET", PATH, false));
  }

  private void fillTimes() {
    var keysOfFirst = AssertionKeys.of(List.of(first));
    Instant past = now.minusSeconds(120);
    present(
        "over", claims("helpdesk-api", past, now.minusSeconds(20)).signedBy(keysOfFirst), false);
    Instant soon = now.plusSeconds(40);
    present(
        "not yet", claims("helpdesk-api", soon, now.plusSeconds(90)).signedBy(keysOfFirst), false);
    present("for others", claims("other", now, soon).signedBy(keysOfFirst), false);
  }

  private void fillForms(String good) {
    String[] parts = good.split("\\.", -1);
    present("nothing", "", false);
    present("two parts", parts[0] + "." + parts[1], false);
    present("four parts", good + ".", false);
    present("no signature", parts[0] + "." + parts[1] + ".", false);
    present("a short signature", good.substring(0, good.length() - 4), false);
    String zeros = Bytes.of(new byte[64]).base64Url();
    present("zeros as signature", parts[0] + "." + parts[1] + "." + zeros, false);
    present(
        "another tenant in it",
        parts[0] + "." + changed(parts[1], "\"acme\"", "\"globex\"") + "." + parts[2],
        false);
  }

  private static String changed(String part, String from, String to) {
    String text = Bytes.ofBase64Url(part).utf8();
    assertThat(text).contains(from);
    return Bytes.ofUtf8(text.replace(from, to)).base64Url();
  }

  /// Well signed, with a header that the gateway does not write.
  private void fillHeaders(String good) {
    String[] parts = good.split("\\.", -1);
    var header = Fields.of(Json.read(Bytes.ofBase64Url(parts[0]).toArray()), "header");
    String kid = header.text("kid");
    Map<String, String> others =
        new TreeMap<>(
            Map.of("alg", "none", "ALG", "HS256", "typ", "JWT", "Typ", "at+jwt", "kid", "other"));
    others.forEach(
        (name, value) -> {
          var odd = new TreeMap<>(Map.of("alg", "ES256", "kid", kid, "typ", "lockbox+jwt"));
          odd.put(name.toLowerCase(Locale.ROOT), value);
          var json = Json.object();
          odd.forEach(json::put);
          String text = Bytes.of(CanonicalJson.bytes(json.build())).base64Url() + "." + parts[1];
          String signature = first.es256(Bytes.ofUtf8(text)).base64Url();
          present(name + " " + value, text + "." + signature, false);
        });
    present(
        "alg none without a signature",
        changed(parts[0], "ES256", "none") + "." + parts[1] + ".",
        false);
  }

  private List<String> wanted() {
    return calls.values().stream().map(call -> call.good() ? "acme eva 7" : "-").toList();
  }

  @Test
  void inJava() {
    int[] fetched = {0};
    String jwks = AssertionKeys.of(List.of(first, second)).jwks();
    var verifier =
        new LockboxAssertion(
            () -> {
              fetched[0]++;
              return jwks;
            },
            "helpdesk-api",
            () -> now);
    List<String> verdicts = new ArrayList<>();
    for (PresentedCall call : calls.values()) {
      verdicts.add(
          verifier
              .verify(call.assertion(), call.method(), call.path())
              .map(who -> "%s %s %d".formatted(who.tenant(), who.engineer(), who.number()))
              .orElse("-"));
    }
    assertThat(named(verdicts)).isEqualTo(named(wanted()));
    assertThat(fetched[0]).as("keys that nobody has lead to no second fetch at once").isEqualTo(1);
  }

  /// A key that is no longer published is believed for five minutes at most.
  @Test
  void aKeyThatWasTakenBackIsForgotten() {
    Instant[] time = {now};
    String[] jwks = {AssertionKeys.of(List.of(first)).jwks()};
    var verifier = new LockboxAssertion(() -> jwks[0], "helpdesk-api", () -> time[0]);
    assertThat(verifier.verify(signed(first), "GET", PATH)).isPresent();
    jwks[0] = AssertionKeys.of(List.of(second)).jwks();
    time[0] = now.plusSeconds(11);
    assertThat(verifier.verify(signed(second), "GET", PATH)).isPresent();
    assertThat(verifier.verify(signed(first), "GET", PATH)).isEmpty();
  }

  @Test
  void forNode() throws Exception {
    String program = node(FILES.resolve("lockbox-assertion.mjs").toUri(), url());
    assumeTrue(isThere("node", "--version"), "missing here: nodejs");
    List<String> verdicts = lines("node", "--input-type=module", "-e", program);
    assertThat(named(verdicts)).isEqualTo(named(wanted()));
  }

  @Test
  void forPython() throws Exception {
    String python = "/usr/bin/python3";
    assumeTrue(isThere(python, "-c", "import cryptography"), "missing here: python3-cryptography");
    List<String> verdicts = lines(python, "-B", "-c", python(FILES, url()));
    assertThat(named(verdicts)).isEqualTo(named(wanted()));
  }

  private Map<String, String> named(List<String> verdicts) {
    assertThat(verdicts).hasSameSizeAs(calls.keySet());
    Map<String, String> named = new LinkedHashMap<>();
    for (String each : calls.keySet()) {
      named.put(each, verdicts.get(named.size()));
    }
    return named;
  }

  /// Where `CI=true` it has to be there.
  private static boolean isThere(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).start().waitFor() == 0
          || "true".equals(System.getenv("CI"));
    } catch (IOException e) {
      return "true".equals(System.getenv("CI"));
    }
  }

  private List<String> lines(String... command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var to = process.getOutputStream()) {
      for (PresentedCall call : calls.values()) {
        var json =
            Json.object()
                .put("assertion", call.assertion())
                .put("method", call.method())
                .put("path", call.path());
        to.write((CanonicalJson.text(json.build()) + "\n").getBytes(UTF_8));
      }
    }
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), UTF_8).lines().toList();
    assertThat(process.waitFor(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private static String node(URI module, String keys) {
    return """
      import { LockboxAssertion } from '%s';
      import { readFileSync } from 'node:fs';
      const verifier = new LockboxAssertion('%s', 'helpdesk-api');
      for (const line of readFileSync(0, 'utf8').split('\\n').filter((each) => each)) {
        const { assertion, method, path } = JSON.parse(line);
        const claims = await verifier.verify(assertion, method, path);
        console.log(claims === null ? '-' : `${claims.tenant} ${claims.sub} ${claims.n}`);
      }
      """
        .formatted(module, keys)
        .stripIndent();
  }

  private static String python(Path directory, String keys) {
    return """
      import json, sys
      sys.path.insert(0, '%s')
      from lockbox_assertion import LockboxAssertion
      verifier = LockboxAssertion('%s', 'helpdesk-api')
      for line in sys.stdin:
          call = json.loads(line)
          claims = verifier.verify(call['assertion'], call['method'], call['path'])
          print('-' if claims is None else '%%s %%s %%d' %% (claims['tenant'], claims['sub'], claims['n']))
      """
        .formatted(directory, keys);
  }
}
