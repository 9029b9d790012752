namespace AuthzGraph.SchemaCompiler.Tests.OpenFga;

/// <summary>Whole models: what the compiler makes of their translations, names resolved.</summary>
public sealed class OpenFgaModelTests
{
    [Fact]
    public void Folders_and_documents_with_owners_viewers_and_the_banned() => Means(
        """
        # Files of a small company: what is seen in a folder is seen in all that lies in it.
        type user
        type team
          relations
            define lead: [user]
            define member: [user, team#member] or lead
        type folder
          relations
            define parent: [folder]
            define owner: [user, team#lead]
            define viewer: [user, user:*, team#member] or owner or viewer from parent
        type file
          relations
            define folder: [folder]
            define banned: [user, team#member]
            define editor: [user] or owner from folder
            define viewer: (editor or viewer from folder) but not banned
            define can_print: viewer and staff
            define staff: [team#member]
        """,
        """
        0 user
        1 team
          lead: user
          member_direct: user | team#member
          member = (member_direct + lead)
        2 folder
          parent: folder
          owner: user | team#lead
          viewer_direct: user | user:* | team#member
          viewer = (viewer_direct + owner + parent.Any(viewer)[folder>folder.viewer])
        3 file
          folder: folder
          banned: user | team#member
          editor_direct: user
          editor = (editor_direct + folder.Any(owner)[folder>folder.owner])
          viewer = ((editor + folder.Any(viewer)[folder>folder.viewer]) - banned)
          can_print = (viewer & staff)
          staff: team#member

        """, "AZ0353 folder->owner");

    [Fact]
    public void Plans_that_open_features_to_the_members_of_an_organisation() => Means(
        """
        type user
        type organisation
          relations
            define member: [user]
        type plan
          relations
            define subscriber: [organisation]
            define subscriber_member: member from subscriber
        type feature
          relations
            define plan: [plan, organisation]
            define access: [user] or subscriber_member from plan or member from plan
        """,
        """
        0 user
        1 organisation
          member: user
        2 plan
          subscriber: organisation
          subscriber_member = subscriber.Any(member)[organisation>organisation.member]
        3 feature
          plan: plan | organisation
          access_direct: user
          access = (access_direct + plan.Any(subscriber_member)[plan>plan.subscriber_member] + plan.Any(member)[organisation>organisation.member])

        """, "AZ0353 subscriber->member", "AZ0353 plan->member");

    [Fact]
    public void Roles_that_hold_everybody_through_a_userset() => Means(
        """
        type User
        type role
          relations
            define assignee: [User, User:*, role#assignee]
        type asset
          relations
            define may-read: [role#assignee]
            define may-write: [role#assignee] and may-read
        """,
        """
        0 user
        1 role
          assignee_direct: user | user:* | role#assignee
          assignee = assignee_direct
        2 asset
          may_read: role#assignee
          may_write_direct: role#assignee
          may_write = (may_write_direct & may_read)

        """);

    private static void Means(string model, string expected, params string[] warnings)
    {
        Compilation compilation = Compilation.Of(Translated.Schema(model, warnings));
        Assert.Equal(expected, SchemaText.Of(Assert.IsType<CompiledSchema>(compilation.Schema)));
    }
}
