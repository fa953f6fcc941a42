package org.openlockbox.gateway.controlplane;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openlockbox.core.access.Region;
import org.openlockbox.core.access.SessionId;
import org.openlockbox.core.canonical.Bytes;
import org.openlockbox.core.keyring.GatewayAgent;
import org.openlockbox.core.log.SessionEvent;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.core.testing.SettableClock;
import org.openlockbox.core.testing.TenantFixture;
import org.openlockbox.gateway.controlplane.ControlPlane.NoReply;
import org.openlockbox.gateway.testing.FakeControlPlane;
import org.openlockbox.tlog.tree.Hash;

class HttpControlPlaneTest {
  private static final String LEASE = "{\"leaseMs\":1000,\"news\":7,\"now\":1,\"tenants\":[]}";

  private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> agents = new LinkedBlockingQueue<>();
  private volatile String answer = LEASE;
  private volatile String status = "200 OK";
  private final AtomicBoolean swallows = new AtomicBoolean();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong now = new AtomicLong();
  private final CountDownLatch over = new CountDownLatch(1);
  private final SocketServer server;
  private final HttpControlPlane controlPlane;

  HttpControlPlaneTest() throws IOException {
    this.server = new SocketServer(this::serve);
    this.controlPlane =
        new HttpControlPlane(
            GatewayIdentity.starting(TenantFixture.GATEWAY, new SecureRandom()),
            FakeControlPlane.credential(new TenantFixture("acme", 1, new SettableClock())),
            server.address(),
            Optional.empty(),
            () -> "token",
            new GatewayAgent("1.4.2", Optional.of(new Region("eu-central-1"))),
            Optional.empty(),
            now::get);
  }

  @AfterEach
  void close() throws IOException {
    over.countDown();
    controlPlane.close();
    server.close();
  }

  /// Answers each question, but for those that it swallows.
  private void serve(Socket socket) {
    connections.incrementAndGet();
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      while (true) {
        String body = body(in);
        boolean swallowed = swallows.getAndSet(false);
        asked.add(body);
        if (swallowed) {
          over.await();
        }
        String given = answer;
        String head = "HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n".formatted(status, given.length());
        socket.getOutputStream().write((head + given).getBytes(US_ASCII));
      }
    } catch (IOException | InterruptedException e) {
      // the gateway has gone
    }
  }

  private String body(BufferedReader in) throws IOException {
    int length = 0;
    for (String line = in.readLine(); ; line = in.readLine()) {
      if (line == null) {
        throw new IOException("the end");
      }
      if (line.isEmpty()) {
        break;
      }
      if (line.startsWith("User-Agent: ")) {
        agents.add(line.substring(12));
      }
      if (line.startsWith("Content-Length: ")) {
        length = Integer.parseInt(line.substring(16));
      }
    }
    char[] body = new char[length];
    for (int at = 0; at < length; ) {
      at += in.read(body, at, length - at);
    }
    return new String(body);
  }

  @Test
  void aSecondQuestionIsAnsweredWhileTheFirstHangs() throws Exception {
    assertThat(controlPlane.lease(List.of()).lasts()).isPositive();
    asked.take();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      swallows.set(true);
      Future<LeaseAnswer> first = threads.submit(() -> controlPlane.lease(List.of()));
      assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("\"news\":7");
      assertThat(controlPlane.lease(List.of()).lasts()).isPositive();
      assertThat(asked.take()).as("answered without delay").doesNotContain("news");
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      assertThatExceptionOfType(Exception.class)
          .isThrownBy(first::get)
          .withCauseInstanceOf(NoReply.class);
    }
  }

  @Test
  void eachCallSaysWhatTheGatewayIs() throws Exception {
    controlPlane.lease(List.of());
    assertThat(agents.take()).isEqualTo("lockbox-gateway/1.4.2 (eu-central-1)");
  }

  /// A login asks two or three times; each new connection would be a handshake of TLS.
  @Test
  void lookUpsOneAfterAnotherShareAConnection() {
    answer = "{}";
    for (int i = 0; i < 3; i++) {
      assertThatExceptionOfType(NoReply.class)
          .isThrownBy(() -> controlPlane.connect("lb_engineer"));
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void onlyAnAnswerThatNamesEachEntrySaysThatAnAppendIsDurable() {
    var entries = List.of(entry(0), entry(1));
    for (String other : List.of(LEASE, "{}", "{\"results\":[{\"seq\":7}]}", "{\"results\":[]}")) {
      answer = other;
      assertThatExceptionOfType(NoReply.class)
          .as(other)
          .isThrownBy(() -> controlPlane.append(entries));
    }
    answer = "{\"results\":[{\"seq\":7},{\"seq\":8}]}";
    assertThatNoException().isThrownBy(() -> controlPlane.append(entries));
  }

  private static GatewayEntry entry(long counter) {
    var closed =
        new SessionEvent.Closed(
            SessionId.random(new SecureRandom()),
            "client-left",
            0,
            0,
            0,
            Hash.sha256(new byte[1]),
            true);
    return new GatewayEntry(
        new TenantId("acme"), closed, counter, Optional.of(Bytes.ofUtf8("s")), List.of());
  }

  /// Only that means that this gateway gets no lease any more. Every other refusal may pass.
  @Test
  void onlyARefusedCertificateIsToldFromASilence() {
    status = "422 Unprocessable Content";
    answer = "{\"code\":\"certificate\",\"detail\":\"the gateway's key was revoked\"}";
    assertThatExceptionOfType(ControlPlane.CertificateRefused.class)
        .isThrownBy(() -> controlPlane.lease(List.of()))
        .withMessageContaining("the gateway's key was revoked");
    for (String other : List.of("409 Conflict", "503 Service Unavailable", "500 Oh")) {
      status = other;
      assertThatExceptionOfType(NoReply.class).isThrownBy(() -> controlPlane.lease(List.of()));
    }
    status = "422 Unprocessable Content";
    answer = "{\"code\":\"malformed\"}";
    assertThatExceptionOfType(NoReply.class).isThrownBy(() -> controlPlane.lease(List.of()));
  }
}
