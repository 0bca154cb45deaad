'use strict';

/**
 * An event bus. Takes the old form `emit(type, payload)` and the new one `emit({ type, payload })`, so that callers can move one by one.
 */
function createBus() {
  const listeners = new Map();

  function on(type, listener) {
    const known = listeners.get(type) || [];
    listeners.set(type, known.concat(listener));
    return () => off(type, listener);
  }

  function off(type, listener) {
    const known = listeners.get(type) || [];
    listeners.set(type, known.filter((one) => one !== listener));
  }

  function emit(first, second) {
    const event = typeof first === 'string' ? { type: first, payload: second } : first;
    if (!event || typeof event.type !== 'string') {
      throw new TypeError('an event needs a type');
    }
    const called = (listeners.get(event.type) || []).concat(listeners.get('*') || []);
    for (const listener of called) listener(event);
    return called.length > 0;
  }

  return { on, off, emit };
}

module.exports = { createBus };
