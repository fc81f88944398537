conference_state = '{{ state|ecmascript }}';
conference_renew = {{ renew }};
conference_duplex = '{{ duplex }}';
conference_words = '{{ words|ecmascript }}';
conference_wakes = '{{ wakes|ecmascript }}';
{%- if let Some(ticket) = ticket %}
ticket = '{{ ticket|ecmascript }}';
{%- endif %}
