package org.openlockbox.node.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.node.process.NodeFailure;

final class HostPlanTest {
  @TempDir private Path home;

  private static Map<SetupQuestion, String> flags() {
    Map<SetupQuestion, String> flags = new EnumMap<>(SetupQuestion.class);
    flags.put(SetupQuestion.HOST, "lockbox.example.com");
    flags.put(SetupQuestion.PROVIDER, "O'Neil & Co");
    flags.put(SetupQuestion.PROTECT, "db.example.com:5433/shop");
    flags.put(SetupQuestion.TENANTS, "acme=1, globex=2");
    return flags;
  }

  private static HostPlan plan(Map<SetupQuestion, String> flags) {
    return HostPlanReader.read(Answers.of(flags, Optional.empty(), _ -> Optional.empty()));
  }

  @Test
  void fourAnswersAreEnough() {
    var plan = plan(flags());
    assertThat(plan.resource()).hasToString("shop");
    assertThat(plan.server().orElseThrow().control().isHere()).isTrue();
    assertThat(plan.guarded().orElseThrow().server().isHere()).isFalse();
    assertThat(plan.guarded().orElseThrow().firstTenant()).isEqualTo(new TenantId("acme"));
    assertThat(plan.layout().serverConfig()).hasToString("/etc/lockbox/server.yaml");
  }

  @Test
  void aFlagCountsBeforeTheFileAndAPersonIsAskedLast() throws IOException {
    var file = Files.writeString(home.resolve("answers.yaml"), "host: file\nprovider: file\n");
    var answers =
        Answers.of(
            Map.of(SetupQuestion.HOST, "flag"), Optional.of(file), _ -> Optional.of("asked"));
    assertThat(answers.needed(SetupQuestion.HOST)).isEqualTo("flag");
    assertThat(answers.needed(SetupQuestion.PROVIDER)).isEqualTo("file");
    assertThat(answers.needed(SetupQuestion.PROTECT)).isEqualTo("asked");
    assertThat(answers.optional(SetupQuestion.ADMIN)).isEmpty();
  }

  @Test
  void aMisspeltAnswerIsNamedWithItsLine() throws IOException {
    var file = Files.writeString(home.resolve("answers.yaml"), "host: a\nhosts: b\n");
    assertThatThrownBy(() -> Answers.of(flags(), Optional.of(file), _ -> Optional.empty()))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("answers.yaml line 2");
  }

  @Test
  void withoutAPersonAMissingAnswerIsSaidWithItsFlag() {
    var flags = flags();
    flags.remove(SetupQuestion.TENANTS);
    assertThatThrownBy(() -> plan(flags))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("--tenants T=VALUE,…");
  }

  private Map<SetupQuestion, String> alone(SetupQuestion part) {
    Map<SetupQuestion, String> flags = new EnumMap<>(SetupQuestion.class);
    flags.put(part, "true");
    flags.put(SetupQuestion.RESOURCE, "shop");
    flags.put(SetupQuestion.DIRECTORY, home.toString());
    return flags;
  }

  private Map<SetupQuestion, String> server() {
    var flags = alone(SetupQuestion.SERVER);
    flags.put(SetupQuestion.HOST, "lockbox.example.com");
    flags.put(SetupQuestion.PROVIDER, "Example Ltd");
    flags.put(SetupQuestion.GATEWAY_HOST, "gateway.example.com");
    return flags;
  }

  @Test
  void aServerAloneKnowsItsGatewaysNameAndNoDatabase() {
    var plan = plan(server());
    assertThat(plan.guarded()).isEmpty();
    assertThat(plan.gateway().name()).contains("gateway.example.com");
    assertThat(plan.layout().gateway()).isEqualTo(home.resolve("gw-1"));
  }

  @Test
  void aGatewayAloneReadsWhatTheServersHostGaveIt() throws IOException {
    Files.createDirectories(home.resolve("gateway"));
    Files.writeString(
        home.resolve("gateway/answers.yaml"), new HostConfig(plan(server())).handedAnswers());
    var flags = alone(SetupQuestion.GATEWAY);
    flags.remove(SetupQuestion.RESOURCE);
    flags.put(SetupQuestion.PROTECT, "localhost:5432/app");
    flags.put(SetupQuestion.TENANTS, "acme=1");
    var plan = plan(flags);
    assertThat(plan.server()).isEmpty();
    assertThat(plan.serverUrl()).hasToString("https://lockbox.example.com:8443");
    assertThat(plan.resource()).hasToString("shop");
    assertThat(plan.gateway().port()).isEqualTo(6432);
  }

  @Test
  void bothPartsNeedNoFlag() {
    var flags = server();
    flags.put(SetupQuestion.GATEWAY, "true");
    assertThatThrownBy(() -> plan(flags))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("neither --server nor --gateway");
  }

  @ParameterizedTest
  @CsvSource({"TENANTS,acme=1", "PROTECT,localhost:5432/shop", "SERVER_URL,https://a"})
  void whatMeansNothingOnAServersHostIsRefused(SetupQuestion question, String answer) {
    var flags = server();
    flags.put(question, answer);
    assertThatThrownBy(() -> plan(flags))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining(question.flag() + " means nothing on a host with --server alone");
  }

  @Test
  void aServersHostIsAskedForTheResource() {
    var flags = server();
    flags.remove(SetupQuestion.RESOURCE);
    assertThatThrownBy(() -> plan(flags))
        .isInstanceOf(NodeFailure.class)
        .hasMessageContaining("--resource ID");
  }

  @ParameterizedTest
  @CsvSource({
    "HOST,two words",
    "HOST,'x'' y'",
    "PROTECT,localhost:5432",
    "PROTECT,localhost/shop",
    "PROTECT,localhost:99999/shop",
    "TENANTS,acme",
    "TENANTS,acme=",
    "CONTROL,localhost",
    "PORT,0",
    "OPERATOR,olga",
    "CERTIFICATE,cert.pem",
  })
  void whatCannotBeUsedIsRefusedBeforeAnythingIsWritten(SetupQuestion question, String answer) {
    var flags = flags();
    flags.put(question, answer);
    assertThatThrownBy(() -> plan(flags)).isInstanceOf(NodeFailure.class);
  }
}
