/// Notices: whom the server tells what, by mail and webhook. `message` has the kinds, `mail` the
/// words, `outbox` and `webhook` the delivery, `contact` the addresses.
@NullMarked
package org.openlockbox.server.notify;

import org.jspecify.annotations.NullMarked;
