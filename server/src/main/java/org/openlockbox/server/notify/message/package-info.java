/// What is told, before anybody knows by which way: its kind, its facts and its words.
@NullMarked
package org.openlockbox.server.notify.message;

import org.jspecify.annotations.NullMarked;
