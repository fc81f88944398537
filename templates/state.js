conference_state = '{{ state|ecmascript }}';
conference_renew = {{ renew }};
{%- if let Some(duplex) = duplex %}
conference_duplex = '{{ duplex }}';
{%- endif %}
{%- if words != "" %}
conference_words = '{{ words|ecmascript }}';
{%- endif %}
{%- if wakes != "" %}
conference_wakes = conference_wakes + ' {{ wakes|ecmascript }}';
{%- endif %}
{%- if let Some(ticket) = ticket %}
ticket = '{{ ticket|ecmascript }}';
{%- endif %}
