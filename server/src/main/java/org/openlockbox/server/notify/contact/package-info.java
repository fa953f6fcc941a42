/// Who of a tenant is told of what.
@NullMarked
package org.openlockbox.server.notify.contact;

import org.jspecify.annotations.NullMarked;
