conference_state = '{{ state|ecmascript }}';
conference_renew = {{ renew }};
