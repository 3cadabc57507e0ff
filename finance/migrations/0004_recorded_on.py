"""The day on which a price or a share became known. What is stored already does not say: it stays empty there."""

import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('finance', '0003_shares_at_most_100'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='costline',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='costline',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='costline',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='fundingshare',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='fundingshare',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='fundingshare',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='costline',
            name='recorded_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='costlineevent',
            name='recorded_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='fundingshare',
            name='recorded_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='fundingshareevent',
            name='recorded_on',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='costline',
            name='recorded_on',
            field=models.DateField(blank=True, default=django.utils.timezone.localdate, null=True),
        ),
        migrations.AlterField(
            model_name='costlineevent',
            name='recorded_on',
            field=models.DateField(blank=True, default=django.utils.timezone.localdate, null=True),
        ),
        migrations.AlterField(
            model_name='fundingshare',
            name='recorded_on',
            field=models.DateField(blank=True, default=django.utils.timezone.localdate, null=True),
        ),
        migrations.AlterField(
            model_name='fundingshareevent',
            name='recorded_on',
            field=models.DateField(blank=True, default=django.utils.timezone.localdate, null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='costline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "finance_costlineevent" ("amount", "basis", "end", "id", "instead_of_id", "kind", "label", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "reason", "recorded_on", "reference", "start", "units_per_week", "version") SELECT new_values."amount", new_values."basis", new_values."end", new_values."id", new_values."instead_of_id", new_values."kind", new_values."label", new_values."partnership_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."placement_id", new_values."reason", new_values."recorded_on", new_values."reference", new_values."start", new_values."units_per_week", new_values."version" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='7605dae28dd17818defaa61e9d75d7c2cf21d0c6', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_69b84', referencing='REFERENCING NEW TABLE AS new_values ', table='finance_costline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='costline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "finance_costlineevent" ("amount", "basis", "end", "id", "instead_of_id", "kind", "label", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "reason", "recorded_on", "reference", "start", "units_per_week", "version") SELECT new_values."amount", new_values."basis", new_values."end", new_values."id", new_values."instead_of_id", new_values."kind", new_values."label", new_values."partnership_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."placement_id", new_values."reason", new_values."recorded_on", new_values."reference", new_values."start", new_values."units_per_week", new_values."version" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='8f4e998f8ed1cd4cfad9e28d1c305bf3f1909422', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_4b189', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='finance_costline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='costline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "finance_costlineevent" ("amount", "basis", "end", "id", "instead_of_id", "kind", "label", "partnership_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "reason", "recorded_on", "reference", "start", "units_per_week", "version") SELECT old_values."amount", old_values."basis", old_values."end", old_values."id", old_values."instead_of_id", old_values."kind", old_values."label", old_values."partnership_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."placement_id", old_values."reason", old_values."recorded_on", old_values."reference", old_values."start", old_values."units_per_week", old_values."version" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='819be7c009a14b13d30e8aa6e79107eb7937f2ea', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_87651', referencing='REFERENCING OLD TABLE AS old_values ', table='finance_costline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundingshare',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "finance_fundingshareevent" ("end", "funder_id", "id", "line_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "recorded_on", "route", "start") SELECT new_values."end", new_values."funder_id", new_values."id", new_values."line_id", new_values."percent", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."placement_id", new_values."recorded_on", new_values."route", new_values."start" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='10cb71cc9c882f3d3d8fc952189dfe08b2ca8bf8', level='STATEMENT', operation='INSERT', pgid='pgtrigger_insert_insert_ee343', referencing='REFERENCING NEW TABLE AS new_values ', table='finance_fundingshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundingshare',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "finance_fundingshareevent" ("end", "funder_id", "id", "line_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "recorded_on", "route", "start") SELECT new_values."end", new_values."funder_id", new_values."id", new_values."line_id", new_values."percent", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."placement_id", new_values."recorded_on", new_values."route", new_values."start" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='996cda7c81c7e24f0fe3a8821407034167d988f3', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_69ffb', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='finance_fundingshare', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fundingshare',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "finance_fundingshareevent" ("end", "funder_id", "id", "line_id", "percent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "placement_id", "recorded_on", "route", "start") SELECT old_values."end", old_values."funder_id", old_values."id", old_values."line_id", old_values."percent", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."placement_id", old_values."recorded_on", old_values."route", old_values."start" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;', hash='87788312b175c2efe09cf56dcb1f8b4978174cec', level='STATEMENT', operation='DELETE', pgid='pgtrigger_delete_delete_94534', referencing='REFERENCING OLD TABLE AS old_values ', table='finance_fundingshare', when='AFTER')),
        ),
    ]
