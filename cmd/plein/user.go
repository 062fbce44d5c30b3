package main

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/udc-community/plein/internal/identity"
	"github.com/udc-community/plein/internal/record"
)

type userCmd struct {
	Invite  userInviteCmd  `cmd:"" help:"Ask a person to come: they choose a password with a link."`
	Create  userCreateCmd  `cmd:"" help:"Make an account with a password, read from standard input."`
	List    userListCmd    `cmd:"" help:"List the accounts."`
	Reset   userResetCmd   `cmd:"" help:"Give a person a link to choose another password."`
	Role    userRoleCmd    `cmd:"" help:"Say what a person may do."`
	Disable userDisableCmd `cmd:"" help:"Keep a person out, at once."`
	Enable  userEnableCmd  `cmd:"" help:"Let a person in again."`
	Export  userExportCmd  `cmd:"" help:"Write everything that is kept about a person, as JSON."`
	Erase   userEraseCmd   `cmd:"" help:"Take a person out of the database, for good."`
}

// mailFlags say where mail goes. They belong to whatever makes links.
type mailFlags struct {
	SMTP     string `name:"smtp" help:"Mail server: smtp://user:password@host:587, which must encrypt, or smtps://host. Without one, links are shown to whoever asks for them." env:"PLEIN_SMTP" placeholder:"URL"`
	MailFrom string `help:"Sender of mail, such as \"Plein <plein@example.nl>\"." env:"PLEIN_MAIL_FROM" placeholder:"ADDRESS"`
}

// outbox is where mail is put; nil where none is sent.
func (f mailFlags) outbox(h *house) (*identity.Outbox, error) {
	if f.SMTP == "" {
		return nil, nil
	}
	server, err := identity.ParseSMTP(f.SMTP, f.MailFrom)
	if err != nil {
		return nil, usagef("--smtp and --mail-from: %v", err)
	}
	return &identity.Outbox{Client: h.store.Client, Begin: h.store.BeginAside, Now: time.Now, Server: server, BaseURL: h.catalog.BaseURL}, nil
}

// findUser finds an account by its address or its id.
func findUser(s *session, h *house, who string) (u *identity.User, err error) {
	if strings.HasPrefix(who, "usr_") {
		u, err = h.accounts.ByID(s.ctx, who)
	} else {
		u, err = h.accounts.ByEmail(s.ctx, who)
	}
	if errors.Is(err, identity.ErrUnknownUser) {
		err = fmt.Errorf("%w as %q: see `plein user list`", err, who)
	}
	return u, err
}

// parseRole reads a role as it is typed; none is the empty role.
func parseRole(text string) (identity.Role, error) {
	r := identity.Role(strings.ToUpper(text))
	if r == "NONE" {
		return "", nil
	}
	if !slices.Contains(identity.Roles, r) {
		return "", usagef("--role %q is unknown; choose from member, author, coordinator and administrator", text)
	}
	return r, nil
}

// organizationFor finds the organisation in which somebody gets a role. One that is only spoken about has members alone.
func organizationFor(h *house, slug string, r identity.Role) (*record.Organization, error) {
	o, err := find(h, slug)
	if err != nil {
		return nil, err
	}
	if o.Custody != record.CustodyOwn && r.AtLeast(identity.Author) {
		return nil, fmt.Errorf("%s is only spoken about here: its people can be members, and guests of projects of others", o.Slug)
	}
	return o, nil
}

type userInviteCmd struct {
	Email        string `arg:"" help:"E-mail address of the person."`
	Name         string `help:"Name; the person can fill it in."`
	Organization string `help:"Short name of the organisation that they belong to." placeholder:"SLUG"`
	Role         string `help:"What they are there: member, author, coordinator or administrator." default:"member"`
	mailFlags
}

func (userInviteCmd) Help() string {
	return "Example:\n  plein user invite jan@delft.nl --organization udc-delft --role author"
}

func (c userInviteCmd) Run(s *session) error {
	role, err := parseRole(c.Role)
	if err != nil {
		return err
	}
	return s.with(false, func(h *house) error {
		i := identity.Invitation{Email: c.Email, Name: c.Name}
		if c.Organization != "" {
			o, err := organizationFor(h, c.Organization, role)
			if err != nil {
				return err
			}
			i.OrganizationID, i.Role = o.ID, role
		}
		var err error
		if h.accounts.Outbox, err = c.outbox(h); err != nil {
			return err
		}
		u, link, err := h.accounts.Invite(s.system(), i)
		if err != nil {
			return err
		}
		return s.showLink(u, link, h.accounts.Outbox != nil && u.State == identity.Invited)
	})
}

// showLink shows a link once, or says where it went.
func (s *session) showLink(u *identity.User, link string, mailed bool) error {
	return s.result(map[string]any{"id": u.ID, "state": u.State, "link": link}, func(w io.Writer) {
		if link != "" {
			fmt.Fprintln(w, link)
			s.say("Pass this link on: it is not shown again, and works once.")
			return
		}
		fmt.Fprintln(w, u.ID)
		if mailed {
			s.say("The link goes by mail; `plein serve` sends it.")
		}
	})
}

type userCreateCmd struct {
	Email     string `arg:"" help:"E-mail address of the person."`
	Name      string `help:"Name." required:""`
	NodeAdmin bool   `help:"An administrator of this node."`
}

func (userCreateCmd) Help() string {
	return "Example:\n  plein user create beheer@delft.nl --name Beheerder --node-admin < password.txt"
}

func (c userCreateCmd) Run(s *session) error {
	line, err := bufio.NewReader(io.LimitReader(s.stdin, 4096)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the password: %w", err)
	}
	return s.with(true, func(h *house) error {
		u, err := h.accounts.Create(s.system(), identity.NewUser{Email: c.Email, Name: c.Name, NodeAdmin: c.NodeAdmin, Password: strings.TrimRight(line, "\r\n")})
		if err != nil {
			return err
		}
		return s.result(u, func(w io.Writer) { fmt.Fprintln(w, u.ID) })
	})
}

type userListCmd struct {
	Organization string `help:"Only the members of this one." placeholder:"SLUG"`
}

func (c userListCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		of := ""
		if c.Organization != "" {
			o, err := find(h, c.Organization)
			if err != nil {
				return err
			}
			of = o.ID
		}
		list, err := h.accounts.List(s.ctx, of)
		if err != nil {
			return err
		}
		return s.result(list, func(w io.Writer) {
			t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
			for _, u := range list {
				fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", u.Email, u.Name, u.State, strings.Join(roleNames(h, u), ", "), u.ID)
			}
			t.Flush() //nolint:errcheck // standard output
			if len(list) == 0 {
				s.say("There is no account yet. Make one: plein user invite …")
			}
		})
	})
}

// roleNames says in words what a person may do.
func roleNames(h *house, u *identity.User) []string {
	var out []string
	if u.NodeAdmin {
		out = append(out, "node administrator")
	}
	if u.Moderator {
		out = append(out, "moderator")
	}
	for _, m := range u.Memberships {
		where := m.OrganizationID
		if o := h.catalog.Reference().Organization(where); o != nil {
			where = o.Slug
		}
		out = append(out, strings.ToLower(string(m.Role))+" of "+where)
	}
	for _, p := range u.Guest {
		out = append(out, "guest of "+p)
	}
	return out
}

type userResetCmd struct {
	User string `arg:"" help:"E-mail address or id."`
	mailFlags
}

func (c userResetCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		u, err := findUser(s, h, c.User)
		if err != nil {
			return err
		}
		if h.accounts.Outbox, err = c.outbox(h); err != nil {
			return err
		}
		link, err := h.accounts.GiveLink(s.system(), u.ID)
		if err != nil {
			return err
		}
		return s.showLink(u, link, h.accounts.Outbox != nil)
	})
}

type userRoleCmd struct {
	User         string `arg:"" help:"E-mail address or id."`
	Organization string `help:"Short name of the organisation." placeholder:"SLUG"`
	Role         string `help:"What they are there: member, author, coordinator, administrator, or none." placeholder:"ROLE"`
	GuestOf      string `help:"Project in which they may work as a guest." placeholder:"ID"`
	NodeAdmin    *bool  `help:"Whether they administer this node." negatable:""`
	Moderator    *bool  `help:"Whether they moderate this node." negatable:""`
}

func (userRoleCmd) Help() string {
	return "Examples:\n  plein user role jan@delft.nl --organization udc-delft --role coordinator\n  plein user role jan@delft.nl --moderator"
}

func (c userRoleCmd) Run(s *session) error {
	if (c.Organization == "") != (c.Role == "") {
		return usagef("--organization and --role belong together")
	}
	if c.Organization == "" && c.GuestOf == "" && c.NodeAdmin == nil && c.Moderator == nil {
		return usagef("say what changes: --organization and --role, --guest-of, --node-admin or --moderator")
	}
	role, err := parseRole(cmp.Or(c.Role, "none"))
	if err != nil {
		return err
	}
	return s.with(false, func(h *house) error {
		u, err := findUser(s, h, c.User)
		if err != nil {
			return err
		}
		if c.Organization != "" {
			o, err := organizationFor(h, c.Organization, role)
			if err != nil {
				return err
			}
			if err := h.accounts.SetRole(s.system(), u.ID, o.ID, role); err != nil {
				return err
			}
		}
		if c.GuestOf != "" {
			if err := h.accounts.AddGuest(s.system(), u.ID, c.GuestOf); err != nil {
				return err
			}
		}
		if c.NodeAdmin != nil || c.Moderator != nil {
			admin, moderator := u.NodeAdmin, u.Moderator
			if c.NodeAdmin != nil {
				admin = *c.NodeAdmin
			}
			if c.Moderator != nil {
				moderator = *c.Moderator
			}
			if err := h.accounts.SetNodeRoles(s.system(), u.ID, admin, moderator); err != nil {
				return err
			}
		}
		if u, err = h.accounts.ByID(s.ctx, u.ID); err != nil {
			return err
		}
		return s.result(u, func(w io.Writer) { fmt.Fprintln(w, strings.Join(roleNames(h, u), ", ")) })
	})
}

type userDisableCmd struct {
	User string `arg:"" help:"E-mail address or id."`
}

func (c userDisableCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		u, err := findUser(s, h, c.User)
		if err != nil {
			return err
		}
		if err := h.accounts.Disable(s.system(), u.ID); err != nil {
			return err
		}
		s.say("This person is out: all sessions have ended.")
		return nil
	})
}

type userEnableCmd struct {
	User string `arg:"" help:"E-mail address or id."`
}

func (c userEnableCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		u, err := findUser(s, h, c.User)
		if err != nil {
			return err
		}
		return h.accounts.Enable(s.system(), u.ID)
	})
}

type userExportCmd struct {
	User string `arg:"" help:"E-mail address or id."`
}

func (c userExportCmd) Run(s *session) error {
	return s.with(false, func(h *house) error {
		u, err := findUser(s, h, c.User)
		if err != nil {
			return err
		}
		all, err := h.accounts.Export(s.ctx, u.ID)
		if err != nil {
			return err
		}
		s.cli.JSON = true // for the person, and for a program of theirs
		return s.result(all, nil)
	})
}

type userEraseCmd struct {
	User string `arg:"" help:"E-mail address or id."`
	Yes  bool   `help:"Do it: there is no way back."`
}

func (c userEraseCmd) Run(s *session) error {
	if !c.Yes {
		return usagef("this cannot be undone: add --yes; `plein user export` keeps a copy for the person")
	}
	return s.with(false, func(h *house) error {
		u, err := findUser(s, h, c.User)
		if err != nil {
			return err
		}
		if err := h.accounts.Erase(s.system(), u.ID); err != nil {
			return err
		}
		s.say("The person is gone; what they did is kept under %s, which leads to nobody. Backups from before still hold them.", u.ID)
		return nil
	})
}
