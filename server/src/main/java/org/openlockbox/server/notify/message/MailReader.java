package org.openlockbox.server.notify.message;

import java.time.ZoneId;

/// Who reads a mail, as far as it changes what they read.
///
/// @param links whether their tenant wants links in mail
/// @param typing whether they work on the command line
/// @param program what they type to start it: `lockbox`
public record MailReader(
    MailWords words, ZoneId zone, boolean links, boolean typing, String program) {}
