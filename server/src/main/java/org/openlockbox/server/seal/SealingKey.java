package org.openlockbox.server.seal;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openlockbox.core.canonical.Bytes;

/// A 256-bit key that seals bytes to a place: XAES-256-GCM (C2SP), which derives an AES-256-GCM key
/// from the first half of a random 24-byte nonce, so that no number of seals under one key comes
/// near a repeated nonce. A seal is the nonce and what GCM makes; it opens only with the same key
/// and the same place.
public final class SealingKey {
  static final int LENGTH = 32;

  private static final int NONCE = 24;
  private static final int HALF = 12;
  private static final int BLOCK = 16;
  private static final int NAME = 16;
  private static final int TAG_BITS = 128;
  private static final int REDUCTION = 0x87;

  private final byte[] key;
  private final byte[] subkey;

  private SealingKey(byte[] key) {
    if (key.length != LENGTH) {
      throw new IllegalArgumentException("a sealing key has 32 bytes, not " + key.length);
    }
    this.key = key;
    try {
      this.subkey = doubled(aes(key).doFinal(new byte[BLOCK]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is part of every JDK", e);
    }
  }

  static SealingKey of(Bytes key) {
    return new SealingKey(key.toArray());
  }

  static SealingKey random(SecureRandom random) {
    byte[] key = new byte[LENGTH];
    random.nextBytes(key);
    return new SealingKey(key);
  }

  /// The key itself, to be wrapped.
  Bytes bytes() {
    return Bytes.of(key);
  }

  /// A name for the key that says nothing about it.
  String name() {
    return Bytes.ofUtf8("lockbox sealing key\n").plus(bytes()).sha256().hex().substring(0, NAME);
  }

  byte[] seal(byte[] text, Bytes place, SecureRandom random) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed = gcm(Cipher.ENCRYPT_MODE, nonce, place).doFinal(text);
      byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
      return whole;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every JDK", e);
    }
  }

  /// What was sealed; empty if this is not what was sealed with this key at this place.
  public Optional<byte[]> open(byte[] sealed, Bytes place) {
    if (sealed.length < NONCE) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          gcm(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE), place)
              .doFinal(sealed, NONCE, sealed.length - NONCE));
    } catch (AEADBadTagException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every JDK", e);
    }
  }

  private Cipher gcm(int mode, byte[] nonce, Bytes place) throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        new SecretKeySpec(derived(nonce), "AES"),
        new GCMParameterSpec(TAG_BITS, nonce, HALF, HALF));
    cipher.updateAAD(place.toArray());
    return cipher;
  }

  /// CMAC-based KDF of SP 800-108 in counter mode, for one block each of counter 1 and 2.
  private byte[] derived(byte[] nonce) throws GeneralSecurityException {
    var cipher = aes(key);
    byte[] derived = new byte[LENGTH];
    for (int counter = 1; counter <= 2; counter++) {
      byte[] message = new byte[BLOCK];
      message[1] = (byte) counter;
      message[2] = 'X';
      System.arraycopy(nonce, 0, message, BLOCK - HALF, HALF);
      for (int i = 0; i < BLOCK; i++) {
        message[i] ^= subkey[i];
      }
      System.arraycopy(cipher.doFinal(message), 0, derived, (counter - 1) * BLOCK, BLOCK);
    }
    return derived;
  }

  private static Cipher aes(byte[] key) throws GeneralSecurityException {
    // One block at a time, as CMAC's building block: ECB is no mode of encryption here.
    var cipher = Cipher.getInstance("AES/ECB/NoPadding");
    cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
    return cipher;
  }

  /// Multiplied by two in GF(2^128), as CMAC makes its first subkey.
  private static byte[] doubled(byte[] block) {
    byte[] result = new byte[BLOCK];
    int carry = 0;
    for (int i = BLOCK - 1; i >= 0; i--) {
      int value = (block[i] & 0xff) << 1 | carry;
      result[i] = (byte) value;
      carry = value >> 8;
    }
    result[BLOCK - 1] ^= (byte) (carry * REDUCTION);
    return result;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealingKey that && MessageDigest.isEqual(key, that.key);
  }

  @Override
  public int hashCode() {
    return name().hashCode();
  }

  @Override
  public String toString() {
    return "SealingKey[" + name() + "]";
  }
}
