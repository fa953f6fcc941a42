package org.openlockbox.postgres.login;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlockbox.core.scram.ScramPassword;
import org.openlockbox.postgres.wire.ServerMessages;
import org.openlockbox.postgres.wire.WireViolation;

/// Something that listens where the database should and answers a login with lies: nobody is let
/// in, no password is told, and no more memory is taken than a login needs.
class HostileLoginTest {
  private static final String PASSWORD = "the-one-shot-password";

  /// What the pretended database says, and what it has heard after the start-up packet.
  @FunctionalInterface
  private interface Lies {
    void tell(DataInputStream in, OutputStream out) throws IOException;
  }

  /// Logs in against the lies; answers all that the gateway's side said.
  private static String against(Lies lies) throws Exception {
    try (var listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var heard = CompletableFuture.supplyAsync(() -> serve(listening, lies));
      var address = DatabaseEndpoint.unencrypted("127.0.0.1", listening.getLocalPort());
      var login = new ServerLogin("lb_s_role", new ScramPassword(PASSWORD), "postgres", Map.of());
      assertThatThrownBy(() -> ServerLink.open(address, login, new SecureRandom()))
          .isInstanceOfAny(WireViolation.class, DatabaseRefused.class, IOException.class)
          .hasMessageNotContaining(PASSWORD);
      return heard.get();
    }
  }

  private static String serve(ServerSocket listening, Lies lies) {
    try (Socket socket = listening.accept()) {
      var in = new DataInputStream(socket.getInputStream());
      in.readNBytes(in.readInt() - 4);
      lies.tell(in, socket.getOutputStream());
      return new String(in.readAllBytes(), US_ASCII);
    } catch (IOException e) {
      return "";
    }
  }

  private static byte[] authentication(int code, String more) {
    byte[] text = more.getBytes(US_ASCII);
    return ServerMessages.message(
        'R', ByteBuffer.allocate(4 + text.length).putInt(code).put(text).array());
  }

  private static byte[] offer() {
    return authentication(10, "SCRAM-SHA-256\0\0");
  }

  /// Reads the client's first SCRAM message and answers its nonce.
  private static String nonce(DataInputStream in) throws IOException {
    in.readByte();
    String first = new String(in.readNBytes(in.readInt() - 4), US_ASCII);
    return first.substring(first.indexOf("r=") + 2);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 6, 7, 9, 99})
  void anyOtherLoginThanScramIsRefusedAndNoPasswordIsTold(int code) throws Exception {
    assertThat(against((in, out) -> out.write(authentication(code, "salt")))).isEmpty();
  }

  @Test
  void beingLetInWithoutALoginIsRefused() throws Exception {
    byte[] ready = ServerMessages.readyForQuery('I');
    assertThat(against((in, out) -> out.write(authentication(0, "")))).isEmpty();
    assertThat(against((in, out) -> out.write(ready))).isEmpty();
  }

  @Test
  void anOfferWithoutScramIsRefused() throws Exception {
    assertThat(against((in, out) -> out.write(authentication(10, "PLAIN\0OAUTHBEARER\0\0"))))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r=%sx,s=c2FsdHNhbHRzYWx0,i=2147483647",
        "r=%sx,s=c2FsdHNhbHRzYWx0,i=200001",
        "r=%sx,s=c2FsdHNhbHRzYWx0,i=0",
        "r=%sx,s=c2FsdHNhbHRzYWx0,i=-1",
        "r=%sx,s=c2FsdHNhbHRzYWx0,i=4096e3",
        "r=%sx,s=c2FsdHNhbHRzYWx0",
        "r=%sx,i=4096",
        "r=%sx,s=****,i=4096",
        "s=c2FsdHNhbHRzYWx0,i=4096",
        "r=another,s=c2FsdHNhbHRzYWx0,i=4096",
        "r=%s,s=c2FsdHNhbHRzYWx0,i=4096",
        "r=%sx,r=%sx,s=c2FsdHNhbHRzYWx0,i=4096",
        "",
      })
  void challengesThatLieGetNoAnswer(String challenge) throws Exception {
    String heard =
        against(
            (in, out) -> {
              out.write(offer());
              String nonce = nonce(in);
              out.write(authentication(11, challenge.replace("%s", nonce)));
            });
    assertThat(heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(chars = {'r', 's'})
  void aNonceOrSaltOfAMegabyteGetsNoAnswer(char which) throws Exception {
    String huge = "QUFB".repeat(250_000);
    String heard =
        against(
            (in, out) -> {
              out.write(offer());
              String nonce = nonce(in);
              String r = which == 'r' ? nonce + huge : nonce + "x";
              String s = which == 's' ? huge : "c2FsdHNhbHRzYWx0";
              out.write(authentication(11, "r=" + r + ",s=" + s + ",i=4096"));
            });
    assertThat(heard).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "v=",
        "e=other-error",
        "",
      })
  void aDatabaseThatDoesNotKnowThePasswordItselfIsRefused(String last) throws Exception {
    against(
        (in, out) -> {
          out.write(offer());
          String nonce = nonce(in);
          out.write(authentication(11, "r=" + nonce + "x,s=c2FsdHNhbHRzYWx0,i=4096"));
          in.readByte();
          in.readNBytes(in.readInt() - 4);
          out.write(authentication(12, last));
          out.write(authentication(0, ""));
          out.write(ServerMessages.readyForQuery('I'));
        });
  }

  @Test
  void okWithoutAnyProofIsRefused() throws Exception {
    against(
        (in, out) -> {
          out.write(offer());
          String nonce = nonce(in);
          out.write(authentication(11, "r=" + nonce + "x,s=c2FsdHNhbHRzYWx0,i=4096"));
          in.readByte();
          in.readNBytes(in.readInt() - 4);
          out.write(authentication(0, ""));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SFATAL\0", "SFATAL\0MNo code\0\0", "?odd\0\0", "C1\0\0", "Mno end"})
  void errorsWithoutCodeFieldsOrEndAreRefusals(String body) throws Exception {
    byte[] error = ServerMessages.message('E', body.getBytes(US_ASCII));
    assertThat(against((in, out) -> out.write(error))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3, 16 * 1024 + 1, 100_000_000, Integer.MAX_VALUE})
  void messagesThatAreNoLoginMessagesByTheirLengthAreRefused(int length) throws Exception {
    byte[] head = ByteBuffer.allocate(5).put((byte) 'R').putInt(length).array();
    assertThat(against((in, out) -> out.write(head))).isEmpty();
  }

  @Test
  void aLoginThatNeverEndsIsLeft() throws Exception {
    byte[] setting = ServerMessages.parameterStatus(Map.entry("a", "b"));
    assertThat(
            against(
                (in, out) -> {
                  for (int i = 0; i < 100_000; i++) {
                    out.write(setting);
                  }
                }))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(chars = {'D', 'T', 'W', 'G', 'H', 'A', 'v', '1', 'z'})
  void otherMessagesDuringALoginAreRefused(char type) throws Exception {
    assertThat(against((in, out) -> out.write(ServerMessages.message(type, new byte[8]))))
        .isEmpty();
  }
}
