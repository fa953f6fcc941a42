/// The programs of a tenant that are told.
@NullMarked
package org.openlockbox.server.notify.webhook;

import org.jspecify.annotations.NullMarked;
