conference_state = '{{ state|ecmascript }}';
conference_renew = {{ renew }};
{%- if let Some(ticket) = ticket %}
ticket = '{{ ticket|ecmascript }}';
{%- endif %}
