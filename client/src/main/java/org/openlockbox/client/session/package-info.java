/// Sessions inside an application: who comes with which token, what is recorded, what is released.
@NullMarked
package org.openlockbox.client.session;

import org.jspecify.annotations.NullMarked;
