conference_state = '{{ state|ecmascript }}';
