/// The words of the mails that people get.
@NullMarked
package org.openlockbox.server.notify.mail;

import org.jspecify.annotations.NullMarked;
