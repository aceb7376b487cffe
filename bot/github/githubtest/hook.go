package githubtest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
)

func hookRoutes() []route {
	const deliveries = "/app/hook/deliveries"
	return []route{
		{method: "GET", pattern: "/app/hook/config", access: asApp(), status: 200, handle: (*Server).getHookConfig},
		{method: "PATCH", pattern: "/app/hook/config", access: asApp(), status: 200, handle: (*Server).updateHookConfig},
		{method: "GET", pattern: deliveries, access: asApp(), status: 200, handle: (*Server).listDeliveries},
		{method: "GET", pattern: deliveries + "/{delivery_id}", access: asApp(), status: 200, handle: (*Server).getDelivery},
		{method: "POST", pattern: deliveries + "/{delivery_id}/attempts", access: asApp(), status: 202, handle: (*Server).redeliver},
	}
}

func (s *Server) getHookConfig(c *call) (any, error) { return c.hookConfig(), nil }

type hookRequest struct {
	URL    *string `json:"url"`
	Secret *string `json:"secret"`
}

func (s *Server) updateHookConfig(c *call) (any, error) {
	want, err := decode[hookRequest](c)
	if err != nil {
		return nil, err
	}
	if want.URL != nil {
		s.hook.URL = *want.URL
	}
	if want.Secret != nil {
		s.hook.Secret = *want.Secret
	}
	return c.hookConfig(), nil
}

// hookConfig never shows the secret.
func (v view) hookConfig() object {
	o := object{"content_type": "json", "insecure_ssl": "0", "url": v.hook.URL}
	if v.hook.Secret != "" {
		o["secret"] = "********"
	}
	return o
}

func (v view) hookObject() object {
	return object{
		"type": "App", "id": v.Server.app.id, "name": "web", "active": true, "events": v.Server.app.events, "app_id": v.Server.app.id,
		"config": v.hookConfig(), "updated_at": stamp(v.Server.app.created), "created_at": stamp(v.Server.app.created),
		"deliveries_url": v.base + "/app/hook/deliveries",
	}
}

// listDeliveries pages by cursor: newest first, each page ending with a link to the next.
func (s *Server) listDeliveries(c *call) (any, error) {
	size := defaultPerPage
	if n, err := strconv.Atoi(c.query("per_page")); err == nil && n > 0 {
		size = min(n, maxPerPage)
	}
	newest := slices.Clone(s.deliveries)
	slices.Reverse(newest)
	if cursor := c.query("cursor"); cursor != "" {
		start, err := strconv.ParseInt(cursor, 10, 64)
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "Bad Request")
		}
		newest = slices.DeleteFunc(newest, func(d *delivery) bool { return d.id > start })
	}
	if len(newest) > size {
		c.header.Set("Link", fmt.Sprintf(`<%s/app/hook/deliveries?per_page=%d&cursor=%d>; rel="next"`, c.base, size, newest[size].id))
		newest = newest[:size]
	}
	return each(newest, c.deliveryItem), nil
}

func (c *call) delivery() (*delivery, error) {
	id, err := c.number("delivery_id")
	if err != nil {
		return nil, err
	}
	for _, d := range c.deliveries {
		if d.id == id {
			return d, nil
		}
	}
	return nil, errNotFound
}

func (s *Server) getDelivery(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	o := c.deliveryItem(d)
	o["url"] = s.hook.URL
	o["request"] = object{"headers": flat(d.requestHeader), "payload": d.payloadObject()}
	o["response"] = object{"headers": flat(d.responseHeader), "payload": string(d.response)}
	return o, nil
}

func flat(header http.Header) map[string]string {
	out := map[string]string{}
	for name := range header {
		out[name] = header.Get(name)
	}
	return out
}

// redeliver queues the same event again, under the same GUID.
func (s *Server) redeliver(c *call) (any, error) {
	d, err := c.delivery()
	if err != nil {
		return nil, err
	}
	s.pending = append(s.pending, &delivery{
		id: s.nextID(), guid: d.guid, event: d.event, action: d.action, installation: d.installation, repository: d.repository,
		payload: d.payload, again: true,
	})
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return object{}, nil
}

func (v view) deliveryItem(d *delivery) object {
	status := http.StatusText(d.code)
	if d.code >= 200 && d.code < 300 {
		status = "OK"
	}
	o := object{
		"id": d.id, "guid": d.guid, "delivered_at": stamp(d.at), "redelivery": d.again, "duration": d.took.Seconds(),
		"status": cmp.Or(status, d.failure), "status_code": d.code, "event": d.event, "action": text(d.action),
		"installation_id": nil, "repository_id": nil, "throttled_at": nil,
	}
	if d.installation != 0 {
		o["installation_id"] = d.installation
	}
	if d.repository != 0 {
		o["repository_id"] = d.repository
	}
	return o
}
